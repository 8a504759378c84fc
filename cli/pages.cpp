#include "pages.hpp"

#include <optional>
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
#include "page_text.hpp"
#include "print.hpp"
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
    v1::ChannelsListRequest one;
    one.set_limit(1);
    v1::ChannelsList channels;
    const auto first = co_await ask(bus, "broker.status", broker);
    if (first.has_error()) co_return first.error();
    const auto second = co_await ask(bus, "connectors.list", connectors);
    if (second.has_error()) co_return second.error();
    const auto third = co_await ask(bus, "channels.list", one, channels);
    if (third.has_error()) co_return third.error();
    if (invocation.has("--json")) {
        co_return Lines{fmt::format(R"({{"broker":{},"connectors":{},"channels":{}}})",
                                    json_of(broker), json_of(connectors),
                                    json_of(channels.totals()))};
    }
    const Status status{broker, connectors, channels.totals()};
    co_return status_page(status, now_us(bus), paint_for(invocation, STDOUT_FILENO));
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

Page channel_lines(Bus& bus, const Invocation& invocation) {
    v1::ChannelsListRequest question;
    if (!invocation.arguments().empty()) question.set_prefix(invocation.arguments().front());
    v1::ChannelsList all;
    bool more = true;
    while (more) {
        v1::ChannelsList page;
        const auto reply = co_await ask(bus, "channels.list", question, page);
        if (reply.has_error()) co_return reply.error();
        question.set_after(page.next());
        more = !page.next().empty();
        all.mutable_channels()->MergeFrom(page.channels());
    }
    if (!invocation.has("--json")) co_return channels_page(all, now_us(bus));
    Lines lines;
    for (const auto& channel : all.channels()) lines.push_back(json_of(channel));
    co_return lines;
}

int print(const Result<Lines>& page, const std::string& address) {
    if (page.has_error()) {
        say(fmt::format("{} (asked at {})", page.error().message, safe_text(address)));
        return exit_failure;
    }
    return print_lines(*page);
}

using MakePage = Page (*)(Bus& bus, const Invocation& invocation);

asio::awaitable<int> show(Bus& bus, const Invocation& invocation, const std::string& address,
                          MakePage make) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(make(bus, invocation), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    co_return print(std::get<0>(first), address);
}

/// People try what `coven tail` takes.
std::optional<Error> prefix_fault(const Invocation& invocation) {
    if (invocation.arguments().empty()) return std::nullopt;
    const auto& prefix = invocation.arguments().front();
    const auto wildcard = prefix.find_first_of("*>");
    if (wildcard == std::string::npos) return std::nullopt;
    return Error(
        fmt::format("PREFIX is no pattern, it is how the names begin: '{}' instead of '{}'",
                    safe_text(prefix.substr(0, wildcard)), safe_text(prefix)));
}

int page(const Invocation& invocation, MakePage make) {
    if (const auto fault = prefix_fault(invocation)) return refuse(*fault);
    const auto endpoints = endpoints_of(invocation);
    if (endpoints.has_error()) return refuse(endpoints.error());
    Loop loop;
    Bus bus(loop.io, *endpoints, loop.clock, identity());
    return run(loop, bus, show(bus, invocation, endpoints->request, make));
}

}  // namespace

int status(const Invocation& invocation) { return page(invocation, status_lines); }
int connectors(const Invocation& invocation) { return page(invocation, connector_lines); }
int channels(const Invocation& invocation) { return page(invocation, channel_lines); }

}  // namespace coven::cli
