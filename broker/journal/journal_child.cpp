// A journal in a process of its own, for tests that kill it.
//
// journal_child write FOLDER EVENT_BYTES [FLIGHT_BYTES [MAP_BYTES [lie|interval]]]
//   writes numbered frames as fast as they are taken, and says what the journal says: `epoch`,
//   `committed OFFSET APPENDED`, `no_room OFFSET APPENDED REASON`, `room_again`, `failed OFFSET
//   APPENDED REASON`, each with the last offset that is stored. With `lie` it says of all that it
//   appended that it is committed; with `interval` that is its durability.
// journal_child check FOLDER LAST
//   reads all; exit status 0: each event up to LAST is as it was written, or said to be missing;
//   3: refused with a reason; 4: something is wrong and not said.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "journal/families.hpp"
#include "journal/history.hpp"
#include "journal/journal.hpp"
#include "journal/numbered_frames.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {
namespace {

constexpr int refused_status = 3;
constexpr int wrong_status = 4;
constexpr std::size_t events_per_turn = 100;

void say(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

class Writer {
  public:
    Writer(Journal& journal, const Recovered& recovered, std::size_t event_bytes,
           const std::string& word)
        : journal_(journal),
          lies_(word == "lie"),
          event_bytes_(event_bytes),
          bus_epoch_(recovered.last_epoch),
          offset_(recovered.last_offset) {}

    [[noreturn]] void run() {
        start_epoch(offset_);
        for (;;) {
            if (storing_ && journal_.has_room()) append();
            zmq_pollitem_t item = {journal_.news().handle(), 0, ZMQ_POLLIN, 0};
            zmq_poll(&item, 1, storing_ && journal_.has_room() ? 0 : -1);
            while (const auto news = journal_.take_news()) hear(*news);
        }
    }

  private:
    void start_epoch(std::uint64_t last) {
        offset_ = last;
        const auto started = journal_.start_epoch(++bus_epoch_, offset_ + 1);
        storing_ = started.has_value();
        say(storing_ ? "epoch " + std::to_string(bus_epoch_) : started.error().message);
    }

    void append() {
        for (std::size_t i = 0; i < events_per_turn; ++i) {
            journal_.append(numbered_frame(++offset_, bus_epoch_, event_bytes_));
        }
        journal_.flush();
    }

    void hear(const News& news) {
        const auto offset = std::to_string(lies_ ? offset_ : news.offset);
        switch (news.kind) {
            case News::Kind::committed:
                return say("committed " + offset + ' ' + std::to_string(offset_));
            case News::Kind::no_room:
                storing_ = false;
                return say("no_room " + offset + ' ' + std::to_string(offset_) + ' ' + news.reason);
            case News::Kind::room_again:
                say("room_again");
                return start_epoch(news.offset);
            case News::Kind::failed:
                storing_ = false;
                return say("failed " + offset + ' ' + std::to_string(offset_) + ' ' + news.reason);
            case News::Kind::dropped:
                return;
        }
    }

    Journal& journal_;
    bool lies_;
    std::size_t event_bytes_;
    std::uint64_t bus_epoch_;
    std::uint64_t offset_;
    bool storing_ = false;
};

/// What was told of each offset.
class Told {
  public:
    explicit Told(std::uint64_t last) : times_(last + 1) {}

    void add(const std::variant<StoredFrame, Truncated>& record) {
        if (const auto* hole = std::get_if<Truncated>(&record)) return add(*hole);
        const auto& frame = std::get<StoredFrame>(record);
        const auto offset = TailView(frame).offset();
        if (!is_numbered_frame(frame) || offset >= times_.size()) {
            std::fprintf(stderr, "a wrong frame at %zu\n", static_cast<std::size_t>(offset));
            std::exit(wrong_status);
        }
        ++times_[offset];
    }

    void demand_each_once() const {
        for (std::size_t offset = 1; offset < times_.size(); ++offset) {
            if (times_[offset] == 1) continue;
            std::fprintf(stderr, "offset %zu: told %d times\n", offset, times_[offset]);
            std::exit(wrong_status);
        }
    }

  private:
    void add(const Truncated& hole) {
        for (auto offset = hole.from; offset <= std::min(hole.to, times_.size() - 1); ++offset) {
            if (family_of(numbered_topic(offset)) == hole.family) ++times_[offset];
        }
    }

    std::vector<int> times_;
};

/// Heads and marks are those of the last events, or said to be damaged.
void check_summaries(const Recovered& recovered, std::uint64_t last) {
    const auto wrong = [](const std::string& what) {
        std::fprintf(stderr, "wrong: %s\n", what.c_str());
        std::exit(wrong_status);
    };
    if (recovered.last_offset != last) wrong("last " + std::to_string(recovered.last_offset));
    const std::size_t expected =
        std::min<std::uint64_t>(last, 5) + std::min<std::uint64_t>(last, 3);
    const bool whole = recovered.heads.size() + recovered.marks.size() == expected;
    if (!whole && recovered.damaged.empty()) {
        wrong(std::to_string(recovered.heads.size()) + " heads, " +
              std::to_string(recovered.marks.size()) + " marks");
    }
    for (const auto& head : recovered.heads) {
        const bool newest = head.offset + 5 > last && head.offset <= last;
        const bool right = head.topic == numbered_topic(head.offset) &&
                           head.topic_seq == numbered_topic_seq(head.offset);
        if (!newest || !right) wrong("head of " + head.topic);
    }
    for (const auto& mark : recovered.marks) {
        const bool newest = mark.producer_seq + 3 > last && mark.producer_seq <= last;
        if (!newest || mark.producer_id != numbered_producer(mark.producer_seq)) wrong("mark");
    }
}

int check(const Journal& journal, const Recovered& recovered, std::uint64_t last) {
    check_summaries(recovered, last);
    Told told(last);
    HistoryQuery query;
    query.patterns = {Pattern(">")};
    query.from = Position{};
    const auto history = journal.history();
    for (;;) {
        const auto batch = history->read(query);
        if (batch.has_error()) {
            std::fprintf(stderr, "%s\n", batch.error().message.c_str());
            return refused_status;
        }
        for (const auto& record : batch->records) told.add(record);
        if (batch->next.offset >= last) break;
        query.from = batch->next;
    }
    told.demand_each_once();
    return 0;
}

int run(const std::vector<std::string>& words) {
    Journal::Options options;
    options.folder = words.at(1);
    options.map_bytes = std::size_t{4} << 30;
    options.retry_interval = std::chrono::milliseconds(50);
    if (words.size() > 3) options.max_bytes_in_flight = std::stoul(words[3]);
    if (words.size() > 4) options.map_bytes = std::stoul(words[4]);
    const auto word = words.size() > 5 ? words[5] : "";
    if (word == "interval") {
        options.durability = Durability::interval;
        options.sync_interval = std::chrono::milliseconds(20);
    }
    zmq::context_t context;
    const SystemClock clock;
    Recovered recovered;
    const auto journal = Journal::open(context, clock, options, recovered);
    if (journal.has_error()) {
        std::fprintf(stderr, "%s\n", journal.error().message.c_str());
        return refused_status;
    }
    if (words[0] == "check") return check(**journal, recovered, std::stoull(words.at(2)));
    Writer(**journal, recovered, std::stoul(words.at(2)), word).run();
}

}  // namespace
}  // namespace coven::broker

int main(int argc, char** argv) {
    // A file that may not grow is an error, not an end.
    std::signal(SIGXFSZ, SIG_IGN);
    return coven::broker::run(std::vector<std::string>(argv + 1, argv + argc));
}
