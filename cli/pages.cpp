#include "pages.hpp"

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ask.hpp"
#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven/schema.hpp"
#include "output.hpp"
#include "page_text.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using Lines = std::vector<std::string>;
/// What a page shows, or why it cannot.
using Page = asio::awaitable<Result<Lines>>;

std::uint64_t now_us(Bus& bus) { return microseconds_since_epoch(bus.clock().now()); }

std::string json_of(const google::protobuf::Message& message) {
    return safe_json(to_json(message).value_or("null"));
}

Page status_lines(Bus& bus, const Invocation& invocation) {
    v1::BrokerStatus broker;
    v1::ConnectorsList connectors;
    const auto first = co_await ask(bus, "broker.status", broker);
    if (first.has_error()) co_return first.error();
    const auto second = co_await ask(bus, "connectors.list", connectors);
    if (second.has_error()) co_return second.error();
    if (invocation.has("--json")) {
        co_return Lines{fmt::format(R"({{"broker":{},"connectors":{}}})", json_of(broker),
                                    json_of(connectors))};
    }
    co_return status_page(broker, connectors, now_us(bus), paint_for(invocation, STDOUT_FILENO));
}

Page connector_lines(Bus& bus, const Invocation& invocation) {
    v1::ConnectorsList all;
    const auto reply = co_await ask(bus, "connectors.list", all);
    if (reply.has_error()) co_return reply.error();
    if (!invocation.has("--json")) co_return connectors_page(all, now_us(bus));
    Lines lines;
    for (const auto& connector : all.connectors()) lines.push_back(json_of(connector));
    co_return lines;
}

Page topic_lines(Bus& bus, const Invocation& invocation) {
    v1::TopicsListRequest question;
    if (!invocation.arguments().empty()) question.set_prefix(invocation.arguments().front());
    v1::TopicsList all;
    bool more = true;
    while (more) {
        v1::TopicsList page;
        const auto reply = co_await ask(bus, "topics.list", question, page);
        if (reply.has_error()) co_return reply.error();
        more = reply->more() && page.topics_size() > 0;
        if (more) question.set_after(page.topics(page.topics_size() - 1).head().topic());
        all.MergeFrom(page);
    }
    if (!invocation.has("--json")) co_return topics_page(all, now_us(bus));
    Lines lines;
    for (const auto& topic : all.topics()) lines.push_back(json_of(topic));
    co_return lines;
}

int print(const Result<Lines>& page) {
    if (page.has_error()) {
        say(page.error().message);
        return exit_failure;
    }
    Output output(STDOUT_FILENO);
    for (const auto& line : *page) {
        const auto outcome = output.line(line);
        if (outcome == Output::Outcome::reader_gone) return exit_ok;
        if (outcome == Output::Outcome::written) continue;
        say("cannot write: " + output.reason());
        return exit_failure;
    }
    return exit_ok;
}

using MakePage = Page (*)(Bus& bus, const Invocation& invocation);

asio::awaitable<int> show(Bus& bus, const Invocation& invocation, MakePage make) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(make(bus, invocation), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    co_return print(std::get<0>(first));
}

int page(const Invocation& invocation, MakePage make) {
    const auto endpoints = endpoints_of(invocation);
    if (endpoints.has_error()) return refuse(endpoints.error());
    Loop loop;
    Bus bus(loop.io, *endpoints, loop.clock, identity());
    return run(loop, bus, show(bus, invocation, make));
}

}  // namespace

int status(const Invocation& invocation) { return page(invocation, status_lines); }
int connectors(const Invocation& invocation) { return page(invocation, connector_lines); }
int topics(const Invocation& invocation) { return page(invocation, topic_lines); }

}  // namespace coven::cli
