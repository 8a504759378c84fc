#include "demo.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "addresses.hpp"
#include "coven/bus.hpp"
#include "coven/child_process.hpp"
#include "coven/race.hpp"
#include "coven/temp_folder.hpp"
#include "demo_programs.hpp"
#include "first_of.hpp"
#include "programs.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "supervisor.hpp"
#include "time_text.hpp"
#include "viewer.hpp"

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;

namespace coven::cli {

namespace {

/// For each program that is told to stop.
constexpr std::chrono::seconds grace{5};
/// A demo that has shown nothing after this long says so.
constexpr std::chrono::seconds first_event_limit{10};

Viewer::Options view_of(const Invocation& invocation) {
    const auto view = invocation.has("--json") ? View::json : View::human;
    return {view, paint_for(invocation, STDOUT_FILENO), place_of(STDOUT_FILENO), std::nullopt};
}

/// Nothing = for ever.
std::optional<std::chrono::milliseconds> length_of(const Invocation& invocation) {
    const auto length = invocation.duration("--for");
    return length && length->count() > 0 ? length : std::nullopt;
}

std::chrono::milliseconds in_ms(Duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

/// The programs, what they show, and how it ended.
class Demo {
  public:
    Demo(const Invocation& invocation, Bus& bus, Supervisor& supervisor, DemoPrograms programs)
        : bus_(bus),
          supervisor_(supervisor),
          programs_(std::move(programs)),
          length_(length_of(invocation)),
          output_(STDOUT_FILENO),
          viewer_(output_, view_of(invocation)),
          started_(bus.clock().instant()) {}

    /// The exit status.
    asio::awaitable<int> run();

  private:
    /// Why it cannot go on, or an empty text at its end.
    asio::awaitable<std::string> show();
    asio::awaitable<std::string> start_sources(std::string& chat_url);
    asio::awaitable<std::string> watch(Subscription& subscription);
    asio::awaitable<void> wonder();
    asio::awaitable<std::string> fallen();
    asio::awaitable<std::string> interrupted(Interruption& interruption);
    int sum_up(const std::string& failure, std::chrono::milliseconds length) const;

    Clock& clock() const { return bus_.clock(); }

    Bus& bus_;
    Supervisor& supervisor_;
    DemoPrograms programs_;
    std::optional<std::chrono::milliseconds> length_;
    Output output_;
    Viewer viewer_;
    Instant started_;
    std::optional<Instant> first_event_;
    std::uint64_t duplicates_ = 0;
    bool interrupted_ = false;
};

asio::awaitable<int> Demo::run() {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto failure = co_await first_of(show(), fallen(), interrupted(interruption));
    const auto length = in_ms(clock().instant() - started_);
    co_await race(supervisor_.stop(grace), interruption.wait());
    // Whatever a second Ctrl-C left; they end at once.
    supervisor_.kill();
    const int status = sum_up(failure, length);
    // Ctrl-C is how a demo without an end is ended.
    co_return interrupted_&& length_ ? status_interrupted : status;
}

asio::awaitable<std::string> Demo::show() {
    std::string chat_url;
    auto failure = co_await start_sources(chat_url);
    if (!failure.empty()) co_return failure;
    auto subscription = bus_.subscribe("twitch.chat.>");
    co_await subscription.ready();
    const auto chat = co_await supervisor_.start(programs_.chat(chat_url));
    if (chat.has_error()) co_return chat.error().message;
    const std::string nothing;
    co_return co_await first_of(watch(subscription), then(sleep_for(clock(), length_), nothing),
                                then(wonder(), nothing));
}

asio::awaitable<std::string> Demo::fallen() {
    const auto given_up = co_await supervisor_.given_up();
    co_return given_up.reason;
}

asio::awaitable<std::string> Demo::interrupted(Interruption& interruption) {
    co_await interruption.wait();
    interrupted_ = true;
    co_return "";
}

/// What the chat connector needs: its Twitch and its bus.
asio::awaitable<std::string> Demo::start_sources(std::string& chat_url) {
    const auto both =
        co_await (supervisor_.start(programs_.sim()) && supervisor_.start(programs_.broker()));
    const auto& sim = std::get<0>(both);
    const auto& broker = std::get<1>(both);
    if (sim.has_error()) co_return sim.error().message;
    if (broker.has_error()) co_return broker.error().message;
    const auto url = sim->find("COVEN_CHAT_URL");
    if (url == sim->end()) co_return "sim did not say its COVEN_CHAT_URL";
    chat_url = url->second;
    co_return "";
}

asio::awaitable<std::string> Demo::watch(Subscription& subscription) {
    auto step = Viewer::Step::go_on;
    while (step == Viewer::Step::go_on) {
        const auto event = co_await subscription.next();
        if (!first_event_ && !event.lost()) first_event_ = clock().instant();
        step = viewer_.show(event);
        duplicates_ = subscription.duplicates();
    }
    if (step == Viewer::Step::failed) co_return "cannot write: " + output_.reason();
    co_return "";
}

asio::awaitable<void> Demo::wonder() {
    co_await clock().sleep(first_event_limit);
    if (!first_event_) {
        say("not one event after " + span_text(first_event_limit) + "; --verbose shows the logs");
    }
    co_await sleep_for(clock(), std::nullopt);
}

int Demo::sum_up(const std::string& failure, std::chrono::milliseconds length) const {
    if (!failure.empty()) {
        say("the demo ends: " + failure);
        return exit_failure;
    }
    if (!first_event_) {
        say("not one event arrived within " + span_text(length));
        return exit_failure;
    }
    say(fmt::format("demo over after {}: {}; first event after {}", span_text(length),
                    describe(viewer_.tally(), duplicates_),
                    span_text(in_ms(*first_event_ - started_))));
    return exit_ok;
}

void greet(const Addresses& addresses, const Endpoints& wanted) {
    if (is_same(addresses.doors, wanted)) {
        say("starting a small Twitch, the broker and the chat connector; Ctrl-C ends them");
        return;
    }
    say(
        fmt::format("the usual doors are taken, this demo opens others:\n"
                    "  coven tail --subscribe {} --request {} 'twitch.chat.>'\n"
                    "  COVEN_BUS_PUBLISH={} COVEN_BUS_SUBSCRIBE={} COVEN_BUS_REQUEST={}",
                    addresses.doors.subscribe, addresses.doors.request, addresses.doors.publish,
                    addresses.doors.subscribe, addresses.doors.request));
}

/// What a program would refuse of what it is told, so that it is said before anything starts.
std::optional<Error> refused_by(Program program) {
    const auto faults = faults_of(std::move(program.command), program.environment);
    // That a program is missing is said when it is to start.
    if (faults.has_error() || faults->empty()) return std::nullopt;
    const auto& line = faults->front();
    return Error(line.substr(std::min(line.find(' ') + 1, line.size())));
}

std::optional<Error> fault_in(const Invocation& invocation, const DemoPrograms& programs) {
    const auto channels = invocation.text("--channels");
    if (channels.find_first_not_of(" ,") == std::string::npos) {
        return Error("--channels names no channel: '" + channels + "'");
    }
    // Where its Twitch is, chat is told later.
    for (auto program : {programs.sim(), programs.broker(), programs.chat("ws://127.0.0.1:1")}) {
        if (auto fault = refused_by(std::move(program))) return fault;
    }
    return std::nullopt;
}

/// What the programs log, each line with its program's name.
Supervisor::Listener log_to_stderr(const Invocation& invocation) {
    const auto paint = paint_for(invocation, STDERR_FILENO);
    const auto hear = [paint](const std::string& name, const std::string& line) {
        Output standard_error(STDERR_FILENO);
        const auto prefix = paint.name(fmt::format("{:<6} |", name), colour_of_login(name));
        static_cast<void>(standard_error.line(prefix + " " + safe_text(line)));
    };
    return {hear, hear};
}

}  // namespace

int demo(const Invocation& invocation) {
    const auto wanted = endpoints_of(invocation);
    if (wanted.has_error()) return refuse(wanted.error());
    Loop loop;
    const TempFolder data;
    const auto addresses = free_addresses(loop.io, *wanted);
    const DemoPrograms programs(invocation, addresses, program_folder(), data.path());
    if (const auto fault = fault_in(invocation, programs)) return refuse(*fault);
    greet(addresses, *wanted);
    Bus bus(loop.io, addresses.doors, loop.clock, identity());
    Supervisor supervisor(loop.io, loop.clock, log_to_stderr(invocation));
    Demo demo(invocation, bus, supervisor, programs);
    return run(loop, bus, demo.run());
}

}  // namespace coven::cli
