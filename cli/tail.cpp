#include "tail.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "coven/bus.hpp"
#include "coven/result_of.hpp"
#include "first_of.hpp"
#include "run.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "viewer.hpp"
#include "watch.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::chrono::seconds flush_limit{2};

struct Request {
    std::vector<Pattern> patterns;
    From from = From::now();
    bool acknowledges = false;
    Viewer::Options view;
    std::optional<std::chrono::milliseconds> show_for;
    std::optional<std::chrono::milliseconds> wait;
};

View view_of(const Invocation& invocation) {
    if (invocation.has("--raw")) return View::raw;
    if (invocation.has("--json")) return View::json;
    const bool human = invocation.has("--human") || place_of(STDOUT_FILENO) == Place::terminal;
    return human ? View::human : View::json;
}

Result<std::vector<Pattern>> patterns_of(const Invocation& invocation) {
    auto patterns = parse_patterns(invocation.arguments());
    if (patterns.has_error()) return Error(safe_text(patterns.error().message));
    return patterns;
}

std::optional<Error> conflict_in(const Invocation& invocation) {
    constexpr std::array beginnings = {"--since", "--from-start", "--state", "--name"};
    const char* first = nullptr;
    for (const char* flag : beginnings) {
        if (!invocation.has(flag)) continue;
        const bool fits = first == nullptr || (std::string_view(first) == "--from-start" &&
                                               std::string_view(flag) == "--name");
        if (!fits) return Error(fmt::format("{} and {} exclude each other", first, flag));
        first = flag;
    }
    return std::nullopt;
}

Result<From> from_of(const Invocation& invocation) {
    if (const auto conflict = conflict_in(invocation)) return *conflict;
    if (invocation.has("--name")) {
        const auto name = invocation.text("--name");
        if (const char* fault = word_fault(name)) {
            return Error(fmt::format("--name {}: '{}'", fault, safe_text(name)));
        }
        return From::cursor(name, invocation.has("--from-start") ? From::NewCursor::oldest
                                                                 : From::NewCursor::newest);
    }
    if (invocation.has("--from-start")) return From::first();
    if (invocation.has("--state")) return From::state();
    const auto since = invocation.duration("--since");
    return since ? From::ago(*since) : From::now();
}

Result<Request> request_of(const Invocation& invocation) {
    auto patterns = patterns_of(invocation);
    if (patterns.has_error()) return patterns.error();
    if (invocation.has("--wait") && !invocation.has("--count"))
        return Error("--wait needs --count");
    if (invocation.number("--count") == 0) return Error("--count is at least 1");
    const auto from = from_of(invocation);
    if (from.has_error()) return from.error();
    Request request;
    request.from = *from;
    request.acknowledges = invocation.has("--name");
    request.patterns = std::move(*patterns);
    request.view = {view_of(invocation), paint_for(invocation, STDOUT_FILENO),
                    place_of(STDOUT_FILENO), invocation.number("--count"),
                    invocation.has("--one-copy") ? Copies::one : Copies::all};
    request.show_for = invocation.duration("--for");
    request.wait = invocation.duration("--wait");
    return request;
}

enum class End {
    seen_enough,
    reader_gone,
    output_failed,
    time_is_over,
    waited_too_long,
    interrupted
};

asio::awaitable<End> watch_to_the_end(Subscription& subscription, Viewer& viewer,
                                      Patience& patience, Shown shown) {
    const auto last = co_await watch(subscription, viewer, patience, shown);
    if (last == Viewer::Step::reader_gone) co_return End::reader_gone;
    co_return last == Viewer::Step::failed ? End::output_failed : End::seen_enough;
}

int status_of(End end) {
    if (end == End::output_failed) return exit_failure;
    if (end == End::waited_too_long) return exit_timed_out;
    return end == End::interrupted ? status_interrupted : static_cast<int>(exit_ok);
}

/// What was shown shall not come again; a broker that is away must not keep us.
asio::awaitable<void> flush(Subscription& subscription, Shown shown) {
    if (shown != Shown::acknowledged) co_return;
    const auto flushed = co_await result_of(subscription.flush_acks(flush_limit));
    if (flushed) co_return;
    say("some of what was shown may come again: " + safe_text(flushed.error().message));
}

asio::awaitable<int> show(Bus& bus, Request request, Endpoints doors) {
    Interruption interruption(co_await asio::this_coro::executor);
    auto subscription = bus.subscribe(std::move(request.patterns), request.from);
    const auto shown = request.acknowledges ? Shown::acknowledged : Shown::nothing_more;
    Output output(STDOUT_FILENO);
    Viewer viewer(output, request.view);
    Patience patience(bus.clock(), std::move(doors.subscribe));
    const auto end =
        co_await first_of(watch_to_the_end(subscription, viewer, patience, shown),
                          then(interruption.wait(), End::interrupted),
                          then(sleep_for(bus.clock(), request.show_for), End::time_is_over),
                          then(sleep_for(bus.clock(), request.wait), End::waited_too_long),
                          then(patience.run(), End::interrupted));
    co_await flush(subscription, shown);
    if (end == End::output_failed) say("cannot write: " + output.reason());
    if (end == End::interrupted || end == End::waited_too_long) {
        say(describe(viewer.tally(), subscription.duplicates()));
    }
    co_return status_of(end);
}

}  // namespace

int tail(const Invocation& invocation) { return run_on_bus(invocation, request_of, show); }

}  // namespace coven::cli
