#include "channels.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "ask.hpp"
#include "channel_outcome.hpp"
#include "coven/bus.hpp"
#include "coven/lower_case.hpp"
#include "coven/race.hpp"
#include "coven/token_store.hpp"
#include "coven/topic.hpp"
#include "coven/v1/channels.pb.h"
#include "print.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

/// What the broker takes in one request.
constexpr std::size_t names_per_request = 1000;
constexpr auto ask_again_after = std::chrono::milliseconds(200);

using Names = std::vector<std::string>;
/// Names for which a change was news.
using News = std::set<std::string>;
using Outcome = ChannelOutcome;

/// One of the commands.
struct Change {
    const char* verb;
    /// Of a channel for which it is news, and for which it is not.
    const char* news;
    const char* no_news;
    /// Nothing: there is nothing to wait for.
    Outcome (*outcome)(const v1::ChannelsList& rows, const std::string& kind);
};
constexpr Change adding{"channels.add", "added", "was added already", outcome_of_adding};
constexpr Change removing{"channels.remove", "removed", "was removed already", outcome_of_removing};
constexpr Change forgetting{"channels.forget", "forgotten: the configuration counts",
                            "was neither added nor removed", nullptr};

struct Order {
    const Change* change;
    /// In lower case, each once.
    Names names;
    std::string kind;
    std::optional<std::chrono::milliseconds> limit;
    bool json = false;
};

Result<Order> order_of(const Invocation& invocation, const Change& change) {
    Order order{&change,
                {},
                invocation.text("--kind"),
                invocation.duration("--wait"),
                invocation.has("--json")};
    for (const auto& word : invocation.arguments()) {
        auto name = lower_case(word);
        if (auto fault = login_fault(name)) return *std::move(fault);
        const bool known =
            std::find(order.names.begin(), order.names.end(), name) != order.names.end();
        if (!known) order.names.push_back(std::move(name));
    }
    if (const char* fault = order.kind.empty() ? nullptr : word_fault(order.kind)) {
        return Error(fmt::format("--kind {}: '{}'", fault, order.kind));
    }
    return order;
}

/// Each command has a payload of its own, and all have the same fields.
template <class Payload>
asio::awaitable<Result<v1::Reply>> send(Bus& bus, const Order& order, Names names,
                                        v1::ChannelsChanged& changed) {
    Payload payload;
    for (auto& name : names) payload.add_channels(std::move(name));
    payload.set_kind(order.kind);
    co_return co_await ask(bus, order.change->verb, payload, changed);
}

asio::awaitable<Result<v1::Reply>> send_part(Bus& bus, const Order& order, Names names,
                                             v1::ChannelsChanged& changed) {
    if (order.change == &adding) {
        co_return co_await send<v1::ChannelsChange>(bus, order, std::move(names), changed);
    }
    if (order.change == &removing) {
        co_return co_await send<v1::ChannelsRemove>(bus, order, std::move(names), changed);
    }
    co_return co_await send<v1::ChannelsForget>(bus, order, std::move(names), changed);
}

asio::awaitable<Result<News>> carry_out(Bus& bus, const Order& order) {
    News news;
    std::string remark;
    for (std::size_t first = 0; first < order.names.size(); first += names_per_request) {
        const auto count = std::min(names_per_request, order.names.size() - first);
        const auto begin = order.names.begin() + static_cast<std::ptrdiff_t>(first);
        Names names(begin, begin + static_cast<std::ptrdiff_t>(count));
        v1::ChannelsChanged changed;
        const auto reply = co_await send_part(bus, order, std::move(names), changed);
        if (reply.has_error()) co_return reply.error();
        remark = reply->message();
        news.insert(changed.changed().begin(), changed.changed().end());
    }
    if (!remark.empty()) say(safe_text(remark));
    co_return news;
}

std::string line_of(const Order& order, const std::string& name, const News& news,
                    const Outcome* outcome) {
    const bool is_news = news.contains(name);
    if (order.json) {
        boost::json::object line{{"channel", name}, {"changed", is_news}};
        if (outcome != nullptr) {
            constexpr std::array<const char*, 3> words = {"open", "done", "refused"};
            line["outcome"] = words.at(static_cast<std::size_t>(outcome->kind));
            line["words"] = outcome->words;
        }
        return safe_json(boost::json::serialize(line));
    }
    const std::string change = is_news ? order.change->news : order.change->no_news;
    return safe_text(name + ": " + (outcome == nullptr ? change : outcome->words));
}

asio::awaitable<Result<Outcome>> look_at(Bus& bus, const Order& order, const std::string& name) {
    v1::ChannelsListRequest question;
    // With the blank no other name begins so.
    question.set_prefix(name + " ");
    v1::ChannelsList rows;
    const auto reply = co_await ask(bus, "channels.list", question, rows);
    if (reply.has_error()) co_return reply.error();
    co_return order.change->outcome(rows, order.kind);
}

/// What is waited for.
struct Waiting {
    Names open;
    /// The time is over: what is open now stays so.
    bool last = false;
    int status = exit_ok;
};

/// Prints the outcomes that are known, all of them the last time.
asio::awaitable<Result<void>> look_once(Bus& bus, const Order& order, const News& news,
                                        Waiting& waiting) {
    const auto names = std::exchange(waiting.open, Names());
    for (const auto& name : names) {
        const auto outcome = co_await look_at(bus, order, name);
        if (outcome.has_error()) co_return outcome.error();
        const bool open = outcome->kind == Outcome::Kind::open;
        if (open && !waiting.last) {
            waiting.open.push_back(name);
            continue;
        }
        if (open && waiting.status == exit_ok) waiting.status = exit_timed_out;
        if (outcome->kind == Outcome::Kind::refused) waiting.status = exit_failure;
        const int printed = print_lines({line_of(order, name, news, &*outcome)});
        if (printed != exit_ok) waiting.status = printed;
    }
    co_return Result<void>();
}

/// The exit status.
asio::awaitable<Result<int>> wait_for(Bus& bus, const Order& order, const News& news) {
    const auto end = bus.clock().instant() + *order.limit;
    Waiting waiting{order.names};
    for (;;) {
        waiting.last = bus.clock().instant() >= end;
        const auto looked = co_await look_once(bus, order, news, waiting);
        if (looked.has_error()) co_return looked.error();
        if (waiting.open.empty()) co_return waiting.status;
        co_await bus.clock().sleep(ask_again_after);
    }
}

asio::awaitable<Result<int>> work(Bus& bus, const Order& order) {
    const auto news = co_await carry_out(bus, order);
    if (news.has_error()) co_return news.error();
    if (order.limit) co_return co_await wait_for(bus, order, *news);
    std::vector<std::string> lines;
    for (const auto& name : order.names) {
        lines.push_back(line_of(order, name, *news, nullptr));
    }
    co_return print_lines(lines);
}

asio::awaitable<int> run_order(Bus& bus, Order order, Endpoints endpoints) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(work(bus, order), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    const auto& status = std::get<0>(first);
    if (status.has_value()) co_return *status;
    say(fmt::format("{} (asked at {})", status.error().message, safe_text(endpoints.request)));
    co_return exit_failure;
}

int run_change(const Invocation& invocation, const Change& change) {
    const auto order = [&change](const Invocation& asked) { return order_of(asked, change); };
    return run_on_bus(invocation, order, run_order);
}

}  // namespace

int channels_add(const Invocation& invocation) { return run_change(invocation, adding); }
int channels_remove(const Invocation& invocation) { return run_change(invocation, removing); }
int channels_forget(const Invocation& invocation) { return run_change(invocation, forgetting); }

}  // namespace coven::cli
