#include <csignal>
#include <cstdlib>
#include <iostream>

#include <google/protobuf/stubs/logging.h>
#include <malloc.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "broker.hpp"
#include "coven/daemon.hpp"
#include "coven/log.hpp"
#include "coven/metrics.hpp"
#include "data_folder.hpp"

namespace {

using namespace coven;

/// What `default_data_folder` looks at.
std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> values;
    for (const char* name : {"STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"}) {
        if (const char* value = std::getenv(name)) values.emplace(name, value);
    }
    return values;
}

/// Readable once SIGTERM or SIGINT came. To be called before libzmq starts its thread.
int stop_descriptor() {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigprocmask(SIG_BLOCK, &stops, nullptr);
    return signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// A batch of history takes buffers of up to 1 MiB, which glibc gives back to the kernel each time
/// and is given anew, page by page: half of the time of a replay (measured 2026-11-22).
void keep_freed_memory() {
    constexpr int larger_than_any_reply = 4 << 20;
    constexpr int kept_bytes = 16 << 20;
    mallopt(M_MMAP_THRESHOLD, larger_than_any_reply);
    mallopt(M_TRIM_THRESHOLD, kept_bytes);
}

int give_up(const Error& error, ExitStatus status) {
    std::cerr << "coven-broker: " << error.message << '\n';
    return status;
}

/// Nothing when it is switched off.
Result<std::unique_ptr<broker::Journal>> open_journal(zmq::context_t& context, const Clock& clock,
                                                      const broker::Settings& settings,
                                                      broker::Recovered& recovered) {
    if (!settings.journal.durability) return std::unique_ptr<broker::Journal>();
    broker::Journal::Options options;
    options.folder = settings.data + "/journal";
    options.durability = *settings.journal.durability;
    options.sync_interval = settings.journal.sync_interval;
    options.retention = settings.journal.retention;
    options.honour_deletes = settings.journal.honour_deletes;
    auto journal = broker::Journal::open(context, clock, options, recovered);
    for (const auto& record : recovered.damaged) {
        log::error("journal_damaged", {{"record", record}});
    }
    return journal;
}

int serve(const Config& config, const broker::Settings& settings, broker::DataFolder& folder,
          int stop) {
    const SystemClock clock;
    zmq::context_t context;
    broker::Recovered recovered;
    auto journal = open_journal(context, clock, settings, recovered);
    if (journal.has_error()) return give_up(journal.error(), exit_usage);
    const auto doors = broker::Doors::open(settings.doors);
    if (doors.has_error()) return give_up(doors.error(), exit_failure);
    Metrics metrics;
    broker::Broker broker(settings, {**doors, clock, metrics, folder, context},
                          std::move(*journal));
    const auto begun = broker.begin(std::move(recovered));
    if (begun.has_error()) return give_up(begun.error(), exit_failure);
    const auto served = metrics.serve(config, "coven-broker");
    if (served.has_error()) return give_up(served.error(), exit_failure);
    metrics.ready();
    const auto at = (*doors)->endpoints();
    log::info("ready", {{"publish", at.publish},
                        {"subscribe", at.subscribe},
                        {"request", at.request},
                        {"metrics_url", metrics.url()},
                        {"bus_epoch", broker.bus_epoch()}});
    notify_ready({"COVEN_PUBLISH=" + at.publish, "COVEN_SUBSCRIBE=" + at.subscribe,
                  "COVEN_REQUEST=" + at.request, "METRICS_URL=" + metrics.url()});
    const auto ran = broker.run(stop);
    if (ran.has_error()) return give_up(ran.error(), exit_failure);
    log::info("stopped");
    return exit_ok;
}

int run(const Config& config, const broker::Settings& settings) {
    // protobuf writes a line of its own for each malformed request; ours are counted.
    google::protobuf::SetLogHandler(nullptr);
    keep_freed_memory();
    const int stop = stop_descriptor();
    auto folder = broker::DataFolder::open(settings.data);
    if (folder.has_error()) return give_up(folder.error(), exit_usage);
    return serve(config, settings, *folder, stop);
}

}  // namespace

int main(int argc, char** argv) {
    broker::Settings settings;
    const auto prepare = [&](const Config& config) -> std::vector<Error> {
        auto read = broker::settings_from(config, environment());
        if (read.has_error()) return {read.error()};
        settings = std::move(*read);
        return {};
    };
    const auto start = start_daemon(broker::describe(), argc, argv, prepare);
    if (const auto* status = std::get_if<int>(&start)) return *status;
    return run(std::get<DaemonStart>(start).config, settings);
}
