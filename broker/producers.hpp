#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "coven/v1/bus.pb.h"
#include "drops.hpp"
#include "moment.hpp"

namespace coven::broker {

/// What the broker knows of one publisher.
struct ProducerMark {
    std::uint64_t id = 0;
    /// Highest producer_seq that was used up: numbered or refused.
    std::uint64_t used_seq = 0;
    /// Highest that is acknowledged.
    std::uint64_t committed_seq = 0;
    /// `seq` will be committed once everything up to `offset` is.
    struct Stage {
        std::uint64_t seq = 0;
        std::uint64_t offset = 0;
    };
    /// The oldest first. So many that the end of a commit, which lies anywhere, is close behind
    /// one of them: what is stored is acknowledged with that commit and not with the next.
    std::array<Stage, 6> stages{};
    std::size_t staged = 0;
    Instant last_event{};
    /// When it was last answered; nothing yet = long ago.
    std::optional<Instant> last_ack;
    /// It is owed an answer although nothing new is committed.
    bool owed = false;
    /// False: some of its events are of families that are not stored.
    bool stored = true;
    bool in_news = false;
    bool in_unstaged = false;
    struct Refusal {
        std::uint64_t seq;
        Drop reason;
    };
    /// The newest ones. Bounded.
    std::vector<Refusal> refusals;
    /// The first refused number that is not stored yet; 0 = all are.
    std::uint64_t unstored_refusal = 0;
};

/// In-order acceptance, and who is to be sent an ack when.
///
/// What a producer has sent by the end of a turn is staged for an ack, under the offset that must
/// be settled first. Acks go out in rounds: each producer with news gets what is settled by then,
/// and what it has sent meanwhile is staged.
class Producers {
  public:
    struct Limits {
        std::size_t marks = 100'000;
        std::size_t refusals = 100;
    };

    explicit Producers(Limits limits) : limits_(limits) {}
    Producers(const Producers&) = delete;
    Producers& operator=(const Producers&) = delete;

    /// The mark of `id`, which is not 0; a new one expects 1. When all marks are taken, the
    /// publisher that was silent longest is forgotten. Valid until the next call of `mark_of`.
    ProducerMark& mark_of(std::uint64_t id, const Moment& now);
    /// Why an event with this number is not taken; nullopt = it is the one expected. Sees to it
    /// that the publisher is told.
    std::optional<Drop> check_order(ProducerMark& mark, std::uint64_t seq, const Moment& now);
    /// The expected event is numbered.
    void use_up(ProducerMark& mark);
    /// The expected event is refused, which uses up its number. It is not committed before
    /// `refusals_stored`: after a crash its number would be asked for again.
    void refuse(ProducerMark& mark, Drop reason);
    /// What was refused of `id` up to `seq` is stored, or nothing is.
    void refusals_stored(std::uint64_t id, std::uint64_t seq);
    /// The end of a turn; `head` is the newest event.
    void stage(std::uint64_t head);
    /// Those that had events refused since the last call: no event tells a journal of them.
    std::vector<std::uint64_t> take_refused() { return std::exchange(refused_, {}); }

    /// All marks are as a journal knows them; publishers that it does not know begin at 1.
    void forget_numbers();
    /// `age`: how long ago its newest event came. In the order of age, the oldest first.
    void restore(std::uint64_t id, std::uint64_t seq, Duration age, const Moment& now);
    /// Nullptr = unknown.
    const ProducerMark* find(std::uint64_t id) const;

    /// Something waits for a round.
    bool have_news() const { return !news_.empty(); }
    /// A round runs until `next_in_round` gives nothing.
    bool in_round() const { return round_left_ > 0; }
    void start_round() { round_left_ = news_.size(); }
    /// Goes through the round until an ack is due, looking at most at `budget` producers, which is
    /// counted down: its id. `settled` is the offset up to which events count as committed, `head`
    /// the newest one.
    std::optional<std::uint64_t> next_in_round(std::size_t& budget, std::uint64_t settled,
                                               std::uint64_t head, const Moment& now);
    /// Ids to be answered at once, outside of any round.
    std::vector<std::uint64_t> take_urgent();

    /// The state of `id`, known or not, and when a mark is there, notes that it was told.
    v1::PublishAck ack(std::uint64_t id, std::uint64_t bus_epoch, const Moment& now);

    /// Forgets who has sent nothing for 24 h.
    void forget_old(const Moment& now);
    std::size_t size() const { return marks_.size(); }

  private:
    using Marks = std::list<ProducerMark>;

    ProducerMark* find(std::uint64_t id);
    void add_to_news(ProducerMark& mark);
    void forget_oldest();

    Limits limits_;
    /// The one that was silent longest stands first.
    Marks marks_;
    std::unordered_map<std::uint64_t, Marks::iterator> by_id_;
    /// Ids, since a mark may be forgotten while it waits.
    std::deque<std::uint64_t> news_;
    std::size_t round_left_ = 0;
    std::vector<std::uint64_t> urgent_;
    std::vector<std::uint64_t> refused_;
    /// Those that sent something since the last `stage` and can stage it.
    std::vector<std::uint64_t> unstaged_;
};

}  // namespace coven::broker
