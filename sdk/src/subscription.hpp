#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core.hpp"
#include "coven/bus.hpp"
#include "door.hpp"
#include "loss_finder.hpp"
#include "recent_ids.hpp"

namespace coven {

/// One SUB socket and what is known of its stream: docs/wire.md, "Subscribing, exactly".
class Subscription::State {
  public:
    State(std::shared_ptr<Bus::Core> bus, std::vector<Pattern> wanted);
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    /// Moves what has arrived into `ready`, or waits until something may have.
    boost::asio::awaitable<void> pump();
    /// Takes the first of `ready`.
    Event hand_out();
    /// Gives the loop a turn after some events, however many more there are.
    boost::asio::awaitable<void> give_way();
    bool owes_a_turn() const { return handed_out_ >= events_per_turn; }
    void turn_given() { handed_out_ = 0; }
    /// Returns when there is something in `ready`.
    boost::asio::awaitable<void> fill();
    /// Handles what has arrived, until there is an event to hand out or nothing is left.
    void drain();

    std::shared_ptr<Bus::Core> core;
    std::deque<Event> ready;
    bool confirmed = false;
    std::uint64_t duplicates = 0;

  private:
    static constexpr int events_per_turn = 64;

    bool has_enough() const { return confirmed && !ready.empty(); }
    void take(std::string_view frame);
    void take_barrier(const v1::Barrier& barrier);
    void take_head(const v1::HeadBeacon& head);
    void take_event(std::string_view frame);
    void tell(const std::vector<v1::Lost>& losses);
    bool wanted(std::string_view topic) const;

    void ask_barrier();
    void watch();
    /// After a loss, silence or a new connection: asks for the heads of our topics, then for a
    /// barrier; once that has come, whatever the heads name must have come before it.
    void reconcile();
    void reconciled(const std::exception_ptr& failure, std::vector<v1::HeadBeacon> heads);

    const std::vector<Pattern> patterns_;
    std::vector<std::string> prefixes_;
    Door door_;
    LossFinder losses_;
    RecentIds recent_;
    std::string token_topic_;
    bool token_answered_ = false;
    bool sent_again_ = false;
    Instant token_asked_{};
    std::vector<v1::HeadBeacon> heads_;
    bool heads_wanted_ = false;
    bool reconciling_ = false;
    bool new_connection_ = false;
    Instant reconciled_at_{};
    int handed_out_ = 0;
    int silent_seconds_ = 0;
    int silence_limit_;
    /// False once this is gone: for what still runs in the background then.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coven
