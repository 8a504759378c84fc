#include "record.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <span>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "coven/bus.hpp"
#include "first_of.hpp"
#include "loss_text.hpp"
#include "recording.hpp"
#include "run.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::chrono::seconds progress_interval{5};

struct Request {
    std::string file;
    std::vector<Pattern> patterns;
    From from = From::now();
    std::optional<std::chrono::milliseconds> record_for;
};

Result<Request> request_of(const Invocation& invocation) {
    Request request;
    const auto& words = invocation.arguments();
    request.file = words.front();
    auto patterns = parse_patterns(std::span(words).subspan(1));
    if (patterns.has_error()) return Error(safe_text(patterns.error().message));
    request.patterns = std::move(*patterns);
    if (request.patterns.empty()) request.patterns.push_back(Pattern(">"));
    if (std::filesystem::exists(request.file)) {
        return Error("'" + safe_text(request.file) + "' is there already: choose another name");
    }
    if (const auto since = invocation.duration("--since")) request.from = From::ago(*since);
    request.record_for = invocation.duration("--for");
    return request;
}

/// Writes what a subscription gives, and says every few seconds how far it is.
class Recorder {
  public:
    Recorder(std::ostream& out, Clock& clock) : out_(out), clock_(clock) {}

    /// Ends only when the file cannot be written.
    asio::awaitable<void> take_all(Subscription& subscription) {
        while (out_) {
            const auto event = co_await subscription.next();
            take(event);
        }
    }
    asio::awaitable<void> say_progress() {
        for (;;) {
            co_await clock_.sleep(progress_interval);
            out_.flush();
            say(fmt::format("{} events so far", events_));
        }
    }
    std::uint64_t events() const { return events_; }

  private:
    void take(const Event& event) {
        if (event.lost()) return say(loss_text(*event.lost()));
        if (event.truncated()) return say(truncation_text(*event.truncated()));
        // The broker's own ticks are no events.
        if (event.message().offset() == 0) return;
        const auto bytes = recorded(frame_of(event.topic(), event.message()));
        out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        ++events_;
    }

    std::ostream& out_;
    Clock& clock_;
    std::uint64_t events_ = 0;
};

enum class End { told_to, file_failed };

asio::awaitable<int> record_events(Bus& bus, Request request, Endpoints doors) {
    Interruption interruption(co_await asio::this_coro::executor);
    std::ofstream file(request.file, std::ios::binary);
    const auto start =
        recording_start(doors.subscribe, microseconds_since_epoch(bus.clock().now()));
    file << start;
    auto subscription = bus.subscribe(std::move(request.patterns), request.from);
    Recorder recorder(file, bus.clock());
    const auto end =
        co_await first_of(then(recorder.take_all(subscription), End::file_failed),
                          then(interruption.wait(), End::told_to),
                          then(sleep_for(bus.clock(), request.record_for), End::told_to),
                          then(recorder.say_progress(), End::told_to));
    file.flush();
    if (end == End::file_failed || !file) {
        say("cannot write '" + safe_text(request.file) + "'");
        co_return exit_failure;
    }
    say(fmt::format("{} events in {}", recorder.events(), safe_text(request.file)));
    co_return exit_ok;
}

}  // namespace

int record(const Invocation& invocation) {
    return run_on_bus(invocation, request_of, record_events);
}

}  // namespace coven::cli
