// How many events a second the broker's journal swallows by itself, with nothing else to do.
// Usage: bench-journal FOLDER EVENT_BYTES SECONDS [commit|interval] [TOPICS] [KEEP_MIB]

#include "journal/journal.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "journal/tail_view.hpp"

namespace {

using namespace coven;
using namespace coven::broker;

constexpr std::size_t events_per_turn = 1000;

struct Load {
    std::size_t event_bytes = 256;
    double seconds = 10;
    std::size_t topics = 100;
};

double cpu_seconds(int who) {
    rusage usage{};
    getrusage(who, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// One frame for each topic: its body is as good as any, the tail is what the journal reads.
std::vector<std::string> make_frames(const Load& load) {
    std::vector<std::string> frames;
    for (std::size_t i = 0; i < load.topics; ++i) {
        auto frame = "twitch.chat.streamer" + std::to_string(i) + ".message" + '\0';
        frame.resize(std::max(load.event_bytes, frame.size() + tail_bytes), 'x');
        Frame said;
        said.producer_id = 1 + i % 4;
        const auto tail = make_tail(said, {});
        std::memcpy(frame.data() + frame.size() - tail_bytes, tail.data(), tail_bytes);
        frames.push_back(frame);
    }
    return frames;
}

class Run {
  public:
    Run(Journal& journal, const Load& load)
        : journal_(journal), load_(load), frames_(make_frames(load)), topic_seqs_(load.topics) {}

    void run() {
        const auto begin = clock_.instant();
        const auto end = begin + std::chrono::duration_cast<Duration>(
                                     std::chrono::duration<double>(load_.seconds));
        while (clock_.instant() < end) {
            take_news();
            if (journal_.has_room()) turn();
        }
        while (committed_ < offset_) take_news();
        const std::chrono::duration<double> took = clock_.instant() - begin;
        print(took.count());
    }

  private:
    void turn() {
        const auto now_us = microseconds_since_epoch(clock_.now());
        for (std::size_t i = 0; i < events_per_turn; ++i) {
            const auto topic = ++offset_ % load_.topics;
            auto& frame = frames_[topic];
            stamp(frame.data() + frame.size() - tail_bytes,
                  {1, offset_, ++topic_seqs_[topic], 0, now_us});
            journal_.append(frame);
        }
        journal_.flush();
    }

    void take_news() {
        zmq_pollitem_t item = {journal_.news().handle(), 0, ZMQ_POLLIN, 0};
        const bool idle = !journal_.has_room() || committed_ < offset_;
        zmq_poll(&item, 1, journal_.has_room() && idle ? 0 : 1);
        while (const auto news = journal_.take_news()) {
            if (news->kind != News::Kind::committed) {
                std::fprintf(stderr, "bench-journal: %s\n", news->reason.c_str());
                std::exit(1);
            }
            committed_ = news->offset;
        }
    }

    void print(double took) const {
        const auto numbers = journal_.numbers();
        const auto count = static_cast<double>(offset_);
        const auto loop = cpu_seconds(RUSAGE_THREAD);
        const auto all = cpu_seconds(RUSAGE_SELF);
        const std::chrono::duration<double> committing = numbers.commit_time;
        const auto bytes = frames_.front().size();
        std::printf(
            "%zu B: %.0f events/s, %.0f MB/s; ns of CPU an event: loop %.0f, writer %.0f; "
            "%.0f commits/s of %.1f ms; file %.0f MiB\n",
            bytes, count / took, count * static_cast<double>(bytes) / took * 1e-6,
            loop / count * 1e9, (all - loop) / count * 1e9,
            static_cast<double>(numbers.commits) / took,
            committing.count() / static_cast<double>(numbers.commits) * 1e3,
            static_cast<double>(numbers.file_bytes) / (1 << 20));
    }

    Journal& journal_;
    Load load_;
    SystemClock clock_;
    std::vector<std::string> frames_;
    std::vector<std::uint64_t> topic_seqs_;
    std::uint64_t offset_ = 0;
    std::uint64_t committed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 3) {
        std::fputs(
            "usage: bench-journal FOLDER EVENT_BYTES SECONDS [commit|interval] [TOPICS] "
            "[KEEP_MIB]\n",
            stderr);
        return 2;
    }
    Load load;
    load.event_bytes = std::stoul(words[1]);
    load.seconds = std::stod(words[2]);
    Journal::Options options;
    options.folder = words[0];
    if (words.size() > 3 && words[3] == "interval") options.durability = Durability::interval;
    if (words.size() > 4) load.topics = std::stoul(words[4]);
    if (words.size() > 5) options.retention.all.bytes = std::stoull(words[5]) << 20;
    zmq::context_t context;
    const SystemClock clock;
    Recovered recovered;
    const auto journal = Journal::open(context, clock, options, recovered).value();
    journal->start_epoch(1, 1).value();
    Run(*journal, load).run();
    return 0;
}
