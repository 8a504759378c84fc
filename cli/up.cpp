#include "up.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "addresses.hpp"
#include "coven/bus.hpp"
#include "coven/child_process.hpp"
#include "coven/daemon.hpp"
#include "coven/log.hpp"
#include "coven/race.hpp"
#include "first_of.hpp"
#include "plan.hpp"
#include "presence_lines.hpp"
#include "programs.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "supervisor.hpp"
#include "up_banner.hpp"
#include "up_voice.hpp"
#include "wanted.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

/// For the connectors, and again for the broker, when they are told to stop.
constexpr std::chrono::seconds grace{10};
/// A stop that takes longer says what it waits for.
constexpr std::chrono::seconds patience{2};
/// Connectors that are not there after this long do not hold the banner up.
constexpr std::chrono::seconds banner_limit{3};
constexpr std::chrono::milliseconds presence_pace{250};
/// For the broker to confirm a subscription; it has just said that it is ready.
constexpr std::chrono::seconds presence_limit{3};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Broker and connectors, from their start to their end.
class Up {
  public:
    struct Parts {
        Bus& bus;
        Supervisor& supervisor;
        UpVoice& voice;
        const Program& broker;
        const std::vector<Planned>& planned;
        Banner banner;
    };

    explicit Up(Parts parts) : parts_(std::move(parts)) {}

    /// The exit status.
    asio::awaitable<int> run();

  private:
    asio::awaitable<int> work();
    asio::awaitable<int> watch_programs();
    asio::awaitable<void> greet();
    asio::awaitable<void> hear_presence(Subscription& subscription);
    asio::awaitable<void> tell_presence();
    asio::awaitable<int> drain(Interruption& interruption);
    asio::awaitable<void> tell_progress();
    std::optional<int> judge(const GivenUp& given_up);
    int fail(ExitStatus status, const std::vector<std::string>& lines);
    int refuse_broker(const GivenUp& given_up);

    Clock& clock() const { return parts_.bus.clock(); }

    Parts parts_;
    PresenceLines presence_;
    std::size_t given_up_ = 0;
    /// Everything was started; who falls now falls alone.
    bool started_ = false;
    bool failed_ = false;
};

asio::awaitable<int> Up::run() {
    Interruption interruption(co_await asio::this_coro::executor);
    const int done = exit_ok;
    const auto status = co_await first_of(work(), then(interruption.wait(), done));
    const auto drained = co_await drain(interruption);
    // Whatever a second Ctrl-C left; it ends at once.
    parts_.supervisor.kill();
    co_return std::max(status, drained);
}

asio::awaitable<int> Up::work() {
    const auto broker = co_await parts_.supervisor.start(parts_.broker);
    if (broker.has_error()) {
        const auto given_up = co_await parts_.supervisor.given_up();
        co_return refuse_broker(given_up);
    }
    // Before anybody can have news.
    auto presence = parts_.bus.subscribe("bus.*.*.state");
    co_await race(presence.ready(), clock().sleep(presence_limit));
    for (const auto& each : parts_.planned) parts_.supervisor.add(each.program);
    const int never = exit_ok;
    co_return co_await first_of(watch_programs(), then(greet(), never),
                                then(hear_presence(presence), never), then(tell_presence(), never));
}

/// The log has its own words already.
int Up::refuse_broker(const GivenUp& given_up) {
    if (given_up.status == exit_usage) {
        return fail(exit_usage, {"the broker refused its flags or configuration"});
    }
    return fail(exit_failure,
                {first_line(given_up.reason),
                 "does another `coven up`, `coven demo` or coven-broker run? end it, or open other "
                 "doors with --publish, --subscribe and --request"});
}

asio::awaitable<int> Up::watch_programs() {
    for (;;) {
        const auto given_up = co_await parts_.supervisor.given_up();
        if (const auto status = judge(given_up)) co_return *status;
    }
}

/// The exit status, if that was the end of it all.
std::optional<int> Up::judge(const GivenUp& given_up) {
    const auto reason = first_line(given_up.reason);
    if (given_up.name == parts_.broker.name) {
        return fail(exit_failure, {reason, "nothing works without the broker"});
    }
    if (!started_ && given_up.status == exit_usage) {
        return fail(exit_usage, {given_up.name + " refused its flags or configuration"});
    }
    ++given_up_;
    if (given_up_ == parts_.planned.size()) {
        return fail(exit_failure, {reason, "no connector is left"});
    }
    parts_.voice.remark(given_up.name,
                        reason.substr(given_up.name.size() + 1) + "; the others go on");
    return std::nullopt;
}

int Up::fail(ExitStatus status, const std::vector<std::string>& lines) {
    failed_ = true;
    parts_.voice.tell(UpVoice::Tone::failure, "failed", lines);
    return status;
}

/// Tells what runs; never ends by itself.
asio::awaitable<void> Up::greet() {
    co_await race(parts_.supervisor.settled(), clock().sleep(banner_limit));
    // The last connector may have settled by its failure, in this very moment.
    if (failed_) co_return;
    started_ = true;
    parts_.voice.tell(UpVoice::Tone::news, "up", banner_lines(parts_.banner, parts_.planned));
    notify_ready({});
    co_await sleep_for(clock(), std::nullopt);
}

asio::awaitable<void> Up::hear_presence(Subscription& subscription) {
    for (;;) {
        const auto event = co_await subscription.next();
        const auto presence = event.payload_as<v1::Presence>();
        if (presence) presence_.hear(*presence);
    }
}

asio::awaitable<void> Up::tell_presence() {
    for (;;) {
        for (const auto& line : presence_.due(clock().instant())) parts_.voice.presence(line);
        co_await clock().sleep(presence_pace);
    }
}

/// The exit status that this alone would have.
asio::awaitable<int> Up::drain(Interruption& interruption) {
    auto stopped = race(parts_.supervisor.stop(grace), tell_progress());
    const auto first = co_await race(std::move(stopped), interruption.wait());
    if (first.index() == 0) co_return exit_ok;
    parts_.voice.tell(UpVoice::Tone::warning, "killed", {"killed what was left"});
    co_return status_interrupted;
}

asio::awaitable<void> Up::tell_progress() {
    for (;;) {
        co_await clock().sleep(patience);
        std::string names;
        for (const auto& name : parts_.supervisor.kept()) {
            names += (names.empty() ? "" : ", ") + name;
        }
        parts_.voice.tell(UpVoice::Tone::news, "stopping",
                          {"still waiting for " + names + "; Ctrl-C kills at once"});
    }
}

/// How this program was called.
std::string our_name() {
    std::ifstream words("/proc/self/cmdline");
    std::string name;
    std::getline(words, name, '\0');
    return name.empty() ? "coven" : name;
}

/// Each program reads the file for itself, so it must be there more than once.
std::optional<Error> file_fault(const std::string& path) {
    std::error_code fault;
    const auto kind = std::filesystem::status(path, fault).type();
    if (kind != std::filesystem::file_type::fifo) return std::nullopt;
    return Error("the configuration is a pipe, which can be read only once: '" + path + "'");
}

/// A broker that comes back must be where it was.
std::optional<Error> doors_fault(const Endpoints& doors) {
    for (const auto& door : {doors.publish, doors.subscribe, doors.request}) {
        const bool any_port = door.starts_with("tcp://") && door.ends_with(":0");
        if (any_port) return Error("the broker's doors need ports of their own: '" + door + "'");
    }
    return std::nullopt;
}

Result<UpRequest> request_of(const Invocation& invocation) {
    const auto file = config_file_of(invocation);
    if (const auto fault = file_fault(file)) return *fault;
    auto scale = parse_scale(invocation.text("--scale"));
    if (scale.has_error()) return scale.error();
    auto channels = parse_list(invocation.text("--channel"));
    if (invocation.has("--channel") && channels.empty()) {
        return Error("--channel names no channel: '" + invocation.text("--channel") + "'");
    }
    return UpRequest{std::move(channels), std::move(*scale), file, coven_environment(),
                     process_environment("PATH")};
}

UpVoice::Form form_of(const Config& config) {
    const auto format = log_format(config);
    const bool shown = place_of(STDERR_FILENO) == Place::terminal;
    const bool human = format == log::Format::automatic ? shown : format == log::Format::human;
    return human ? UpVoice::Form::human : UpVoice::Form::json;
}

Surroundings surroundings_of(const UpRequest& request, const Config& config,
                             const Catalogue& catalogue) {
    using Channels = Surroundings::Channels;
    const bool told = !request.channels.empty();
    return {
        Endpoints::from(config),       catalogue.find("broker").value_or(""),
        request.config_file,           form_of(config) == UpVoice::Form::human ? "human" : "json",
        config.text("metrics.listen"), told ? Channels::told : Channels::configured};
}

std::size_t longest_name(const std::vector<Planned>& planned) {
    std::size_t longest = std::string("broker").size();
    for (const auto& each : planned) longest = std::max(longest, each.program.name.size());
    return longest;
}

/// What the programs of other terminals find: the file, without our flags.
Endpoints configured_doors(const UpRequest& request) {
    Config::Sources sources;
    if (!request.config_file.empty()) sources.file = request.config_file;
    const auto config = Config::load(common_settings(), sources);
    return config.has_error() ? Endpoints{} : Endpoints::from(*config);
}

/// What our programs have against their settings, before anything starts. Instances say the same.
std::vector<std::string> all_faults(const Program& broker, const std::vector<Planned>& planned) {
    std::vector<std::string> faults;
    const auto add = [&faults](const Program& program) {
        // Whatever gives no judgement shows when it is started.
        const auto found = faults_of(program.command);
        if (found.has_error()) return;
        for (const auto& fault : *found) {
            const bool known = std::find(faults.begin(), faults.end(), fault) != faults.end();
            if (!known) faults.push_back(fault);
        }
    };
    add(broker);
    for (const auto& each : planned) {
        if (each.program.readiness == Program::Readiness::told) add(each.program);
    }
    return faults;
}

int refuse_all(const std::vector<std::string>& faults) {
    Output output(STDERR_FILENO);
    for (const auto& fault : faults) static_cast<void>(output.line(safe_text(fault)));
    return exit_usage;
}

int run_all(const Invocation& invocation, const UpRequest& request, const Config& config,
            const Catalogue& catalogue, const WantedAll& wanted) {
    const auto surroundings = surroundings_of(request, config, catalogue);
    const auto planned = plan_connectors(wanted.connectors, surroundings);
    const auto broker = plan_broker(surroundings);
    const auto doors = reachable(surroundings.doors);
    const auto faults = all_faults(broker, planned);
    if (!faults.empty()) return refuse_all(faults);
    log::start("up", log_level(config), log::Format::json);
    UpVoice voice(form_of(config), paint_for(invocation, STDERR_FILENO), longest_name(planned));
    voice.tell(UpVoice::Tone::warning, "warning", wanted.warnings);
    Loop loop;
    Bus bus(loop.io, doors, loop.clock, identity());
    const auto log = [&](const auto& name, const auto& line) { voice.log(name, line); };
    const auto remark = [&](const auto& name, const auto& line) { voice.remark(name, line); };
    Supervisor supervisor(loop.io, loop.clock, {log, remark});
    Up up({bus,
           supervisor,
           voice,
           broker,
           planned,
           {our_name(), request.config_file, doors, configured_doors(request)}});
    return run(loop, bus, up.run());
}

}  // namespace

int up(const Invocation& invocation) {
    const auto request = request_of(invocation);
    if (request.has_error()) return refuse(request.error());
    const auto config = common_config(invocation);
    if (config.has_error()) return refuse(config.error());
    if (const auto fault = doors_fault(Endpoints::from(*config))) return refuse(*fault);
    const auto catalogue = catalogue_of(program_folder());
    const auto wanted = wanted_connectors(*request, catalogue);
    if (wanted.has_error()) return refuse(wanted.error());
    return run_all(invocation, *request, *config, catalogue, *wanted);
}

}  // namespace coven::cli
