#include "play.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "coven/bus.hpp"
#include "first_of.hpp"
#include "recording.hpp"
#include "run.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::chrono::seconds progress_interval{5};
/// For the broker to acknowledge the last events.
constexpr std::chrono::seconds flush_limit{30};
/// A recording that is longer than a year is damaged.
constexpr std::uint64_t longest_us = std::uint64_t{366} * 24 * 3600 * 1'000'000;
constexpr double slowest_rate = 0.001;
constexpr double fastest_rate = 1'000'000;

struct Request {
    std::string file;
    /// How many times as fast as it happened; nothing = as fast as possible.
    std::optional<double> rate;
    Pattern only = Pattern(">");
};

Result<std::optional<double>> rate_of(const std::string& text) {
    if (text == "max") return std::optional<double>();
    double rate = 0;
    const auto* last = text.data() + text.size();
    const auto [end, fault] = std::from_chars(text.data(), last, rate);
    const bool understood = fault == std::errc() && std::string_view(end, last) == "x";
    if (!understood || !(rate >= slowest_rate && rate <= fastest_rate)) {
        return Error("--rate is neither a factor such as 2x or 0.5x nor max: '" + safe_text(text) +
                     "'");
    }
    return std::optional(rate);
}

Result<Request> request_of(const Invocation& invocation) {
    Request request;
    request.file = invocation.arguments().front();
    const auto rate = rate_of(invocation.text("--rate"));
    if (rate.has_error()) return rate.error();
    request.rate = *rate;
    if (!invocation.has("--only")) return request;
    const auto only = Pattern::parse(invocation.text("--only"));
    if (only.has_error()) return Error("--only: " + safe_text(only.error().message));
    request.only = *only;
    return request;
}

/// Publishes what a recording holds, at its own distances.
class Player {
  public:
    Player(Bus& bus, const Request& request) : bus_(bus), request_(request) {}

    /// The exit status.
    asio::awaitable<int> play(RecordingReader& reader) {
        for (;;) {
            const auto frame = reader.next();
            if (frame.has_error()) fault_ = frame.error().message;
            if (frame.has_error() || !*frame) break;
            co_await play_frame(**frame);
        }
        co_await bus_.flush(flush_limit);
        if (fault_.empty()) co_return exit_ok;
        say(safe_text("'" + request_.file + "' " + fault_));
        co_return exit_failure;
    }
    asio::awaitable<void> say_progress() {
        for (;;) {
            co_await bus_.clock().sleep(progress_interval);
            say(fmt::format("{} events so far", published_));
        }
    }
    std::string tally() const {
        return fmt::format("{} events published, {} left out", published_, left_out_);
    }

  private:
    asio::awaitable<void> play_frame(const std::string& frame) {
        auto event = Event::parse(frame);
        const auto topic = event ? Topic::parse(event->topic()) : Result<Topic>(Error("none"));
        // What is the broker's it says itself.
        const bool wanted = topic && request_.only.matches(topic->text()) &&
                            !topic->text().starts_with("bus.broker.");
        if (!wanted) {
            ++left_out_;
            co_return;
        }
        auto message = event->message();
        co_await wait_for_turn_of(message);
        message.set_flags(message.flags() & ~static_cast<std::uint64_t>(v1::EVENT_FLAG_NOT_STORED));
        auto published = bus_.publish(*topic, message);
        if (published == Published::outbox_full) {
            co_await bus_.room();
            published = bus_.publish(*topic, message);
        }
        ++(published == Published::queued ? published_ : left_out_);
    }

    asio::awaitable<void> wait_for_turn_of(const v1::Event& event) {
        if (!request_.rate) co_return;
        if (!began_) {
            began_ = bus_.clock().instant();
            first_us_ = event.ingest_us();
        }
        const auto since_first = event.ingest_us() - std::min(event.ingest_us(), first_us_);
        const auto passed = std::min(since_first, longest_us);
        const std::chrono::duration<double, std::micro> due(static_cast<double>(passed) /
                                                            *request_.rate);
        const auto turn = *began_ + std::chrono::duration_cast<Duration>(due);
        if (turn > bus_.clock().instant()) co_await bus_.clock().sleep_until(turn);
    }

    Bus& bus_;
    const Request& request_;
    std::optional<Instant> began_;
    std::uint64_t first_us_ = 0;
    std::uint64_t published_ = 0;
    std::uint64_t left_out_ = 0;
    std::string fault_;
};

asio::awaitable<int> play_file(Bus& bus, Request request, Endpoints) {
    Interruption interruption(co_await asio::this_coro::executor);
    std::ifstream file(request.file, std::ios::binary);
    if (!file) {
        say("cannot read '" + safe_text(request.file) + "'");
        co_return exit_failure;
    }
    auto reader = RecordingReader::open(file);
    if (reader.has_error()) {
        say(safe_text("'" + request.file + "' " + reader.error().message));
        co_return exit_failure;
    }
    Player player(bus, request);
    const int status =
        co_await first_of(player.play(*reader), then(interruption.wait(), status_interrupted),
                          then(player.say_progress(), status_interrupted));
    say(player.tally());
    co_return status;
}

}  // namespace

int play(const Invocation& invocation) { return run_on_bus(invocation, request_of, play_file); }

}  // namespace coven::cli
