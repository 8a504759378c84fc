#pragma once

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "coven/clock.hpp"
#include "journal/ledger.hpp"
#include "journal/report.hpp"

namespace coven::broker {

/// The journal's thread: takes chunks, commits them in groups, says what became of them.
///
/// What was gathered during a commit it is given when `commit_interval` is over since the commit
/// began; a full chunk it is given before, and commits at once. So a lone event does not wait, and
/// under load there are few, large commits.
class JournalWriter {
  public:
    /// Starts the thread. All but the ledger must outlive this. `endpoint` is where the loop's end
    /// of the PAIR is bound.
    JournalWriter(zmq::context_t& context, const std::string& endpoint, const Clock& clock,
                  const Journal::Options& options, Store& store, std::unique_ptr<Ledger> ledger);
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;
    /// The thread must have been sent a stop.
    ~JournalWriter() { thread_.join(); }

  private:
    enum class State { storing, no_room, room_found, failed };
    using Chunks = std::vector<std::unique_ptr<Chunk>>;

    void run();
    void wait();
    void receive();
    void work();
    void commit();
    void drop(Chunks chunks);
    void start_epoch(const Epoch& epoch);
    void do_duties();
    bool purging() const { return state_ == State::storing && !ledger_->purges().idle(); }
    void purge();
    void look_for_room();
    void fail(const StoreError& error, JournalReport& report);
    void send(std::unique_ptr<JournalReport> report);
    std::unique_ptr<JournalReport> report_on(Chunks& chunks);
    void add_purges(JournalReport& report) const;
    void add_families(JournalReport& report);
    std::uint64_t now_us() const { return microseconds_since_epoch(clock_.now()); }

    const Clock& clock_;
    const Journal::Options options_;
    Store& store_;
    std::unique_ptr<Ledger> ledger_;
    Gathering gathering_;
    zmq::socket_t socket_;
    std::deque<std::unique_ptr<JournalCommand>> commands_;
    State state_ = State::storing;
    bool stopped_ = false;
    bool unsynced_ = false;
    Instant ready_at_{};
    Instant sync_at_{};
    Instant duties_at_{};
    Instant retry_at_{};
    Instant purge_at_{};
    Instant purge_report_at_{};
    std::uint64_t committed_ticket_ = 0;
    std::uint64_t commits_ = 0;
    Duration commit_time_{};
    std::thread thread_;
};

}  // namespace coven::broker
