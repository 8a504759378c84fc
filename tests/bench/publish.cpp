// Sends numbered sample events and lets no more than the window be under way.
//
// bench-publish SCHEME ADDRESS PAGE READERS EVENTS EVENT_BYTES TOPICS PER_SECOND
// PER_SECOND 0 = as fast as the window lets it.

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.hpp"
#include "sample_event.hpp"
#include "shared_page.hpp"
#include "transport.hpp"

namespace {

using namespace bench;

constexpr std::uint32_t window = 4000;
/// How many are left under way when the publisher goes on, so that nothing runs dry meanwhile.
constexpr std::uint32_t window_left = window / 2;
constexpr auto probe_interval_ns = 5'000'000;
constexpr std::uint64_t start_deadline_ns = 20'000'000'000;

[[noreturn]] void fail(const char* what) {
    std::cerr << "bench-publish: " << what << '\n';
    std::exit(1);
}

/// Comes due again and again.
class Beat {
  public:
    explicit Beat(long interval_ns) : descriptor_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {
        const timespec interval{0, interval_ns};
        const itimerspec setting{interval, interval};
        timerfd_settime(descriptor_, 0, &setting, nullptr);
    }
    Beat(const Beat&) = delete;
    Beat& operator=(const Beat&) = delete;
    ~Beat() { close(descriptor_); }
    /// Waits for the next one; how many came due since.
    std::uint64_t wait() const {
        std::uint64_t count = 0;
        if (read(descriptor_, &count, sizeof count) != sizeof count) fail("the timer stopped");
        return count;
    }

  private:
    int descriptor_;
};

struct Run {
    Sender& sender;
    SampleEvents& events;
    SharedPage& page;
    std::size_t readers;
    std::uint32_t count;
};

/// Sends probes until every reader has heard one.
void find_readers(const Run& run) {
    const Beat beat(probe_interval_ns);
    const auto deadline = now_ns() + start_deadline_ns;
    std::size_t heard = 0;
    while (heard < run.readers) {
        if (now_ns() > deadline) fail("not every reader hears");
        run.sender.send(run.events.frame(probe, now_ns()));
        run.sender.flush();
        beat.wait();
        while (heard < run.readers && run.page.reader(heard).hears.load() != 0) ++heard;
    }
}

/// Waits until the slowest reader has read `wanted` events.
void wait_for_readers(const Run& run, std::uint32_t wanted) {
    for (std::size_t i = 0; i < run.readers; ++i) {
        if (!wait_for(run.page.reader(i), wanted)) fail("the readers do not get on");
    }
}

void send_at_full_speed(const Run& run) {
    std::uint32_t allowed = window;
    for (std::uint32_t seq = 1; seq <= run.count; ++seq) {
        run.sender.send(run.events.frame(seq, 0));
        if (seq < allowed) continue;
        run.sender.flush();
        wait_for_readers(run, seq - window_left);
        run.sender.wait_stored(window_left);
        allowed = seq + window - window_left;
    }
    run.sender.flush();
}

void send_paced(const Run& run, std::uint32_t per_second) {
    const Beat beat(1'000'000'000 / per_second);
    std::uint32_t seq = 0;
    while (seq < run.count) {
        const auto due = std::min<std::uint64_t>(beat.wait(), run.count - seq);
        for (std::uint64_t i = 0; i < due; ++i) {
            run.sender.send(run.events.frame(++seq, now_ns()));
        }
        run.sender.flush();
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 9) fail("usage: SCHEME ADDRESS PAGE READERS EVENTS EVENT_BYTES TOPICS PER_SECOND");
    const auto number = [argv](int index) { return std::strtoul(argv[index], nullptr, 10); };
    const auto sender = make_sender(argv[1], argv[2]);
    SharedPage page(argv[3]);
    SampleEvents events(number(6), number(7));
    const Run run{*sender, events, page, std::min<std::size_t>(number(4), most_readers),
                  static_cast<std::uint32_t>(number(5))};
    find_readers(run);
    const auto per_second = static_cast<std::uint32_t>(number(8));
    if (per_second == 0) {
        send_at_full_speed(run);
    } else {
        send_paced(run, per_second);
    }
    wait_for_readers(run, run.count);
    sender->wait_stored(0);
}
