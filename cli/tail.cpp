#include "tail.hpp"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "coven/bus.hpp"
#include "first_of.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "viewer.hpp"
#include "watch.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

struct Request {
    std::vector<Pattern> patterns;
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
    std::vector<Pattern> patterns;
    for (const auto& text : invocation.arguments()) {
        auto pattern = Pattern::parse(text);
        if (pattern.has_error()) return Error(safe_text(pattern.error().message));
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

Result<Request> request_of(const Invocation& invocation) {
    auto patterns = patterns_of(invocation);
    if (patterns.has_error()) return patterns.error();
    if (invocation.has("--wait") && !invocation.has("--count"))
        return Error("--wait needs --count");
    if (invocation.number("--count") == 0) return Error("--count is at least 1");
    Request request;
    request.patterns = std::move(*patterns);
    request.view = {view_of(invocation), paint_for(invocation, STDOUT_FILENO),
                    place_of(STDOUT_FILENO), invocation.number("--count")};
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
                                      Patience& patience) {
    const auto last = co_await watch(subscription, viewer, patience);
    if (last == Viewer::Step::reader_gone) co_return End::reader_gone;
    co_return last == Viewer::Step::failed ? End::output_failed : End::seen_enough;
}

int status_of(End end) {
    if (end == End::output_failed) return exit_failure;
    if (end == End::waited_too_long) return exit_timed_out;
    return end == End::interrupted ? status_interrupted : static_cast<int>(exit_ok);
}

asio::awaitable<int> show(Bus& bus, Request request, std::string address) {
    Interruption interruption(co_await asio::this_coro::executor);
    auto subscription = bus.subscribe(std::move(request.patterns));
    Output output(STDOUT_FILENO);
    Viewer viewer(output, request.view);
    Patience patience(bus.clock(), std::move(address));
    const auto end =
        co_await first_of(watch_to_the_end(subscription, viewer, patience),
                          then(interruption.wait(), End::interrupted),
                          then(sleep_for(bus.clock(), request.show_for), End::time_is_over),
                          then(sleep_for(bus.clock(), request.wait), End::waited_too_long),
                          then(patience.run(), End::interrupted));
    if (end == End::output_failed) say("cannot write: " + output.reason());
    if (end == End::interrupted || end == End::waited_too_long) {
        say(describe(viewer.tally(), subscription.duplicates()));
    }
    co_return status_of(end);
}

}  // namespace

int tail(const Invocation& invocation) {
    const auto endpoints = endpoints_of(invocation);
    if (endpoints.has_error()) return refuse(endpoints.error());
    const auto request = request_of(invocation);
    if (request.has_error()) return refuse(request.error());
    Loop loop;
    Bus bus(loop.io, *endpoints, loop.clock, identity());
    return run(loop, bus, show(bus, *request, endpoints->subscribe));
}

}  // namespace coven::cli
