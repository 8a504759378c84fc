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
class LiveStream {
  public:
    enum class Use {
        /// What it gives goes to the caller: repeats are dropped, losses are counted.
        hand_out,
        /// It is merged with history, which judges repeats and fills losses.
        merge,
    };

    LiveStream(std::shared_ptr<Bus::Core> bus, std::vector<Pattern> wanted, Use use);
    LiveStream(const LiveStream&) = delete;
    LiveStream& operator=(const LiveStream&) = delete;
    ~LiveStream();

    /// Moves what has arrived into `ready`, or waits until something may have.
    boost::asio::awaitable<void> pump();
    /// Handles what has arrived, until there is an event to hand out or nothing is left.
    void drain();
    /// The broker's first answer; only once `confirmed`.
    const v1::Barrier& barrier() const { return barrier_; }

    /// Events and losses, in order.
    std::deque<Event> ready;
    /// Those since they were last taken.
    std::deque<v1::Tick> ticks;
    /// The broker has answered: what it numbers from now on will be sent.
    bool confirmed = false;
    std::uint64_t duplicates = 0;

  private:
    bool has_enough() const { return confirmed && !ready.empty(); }
    void take(std::string_view frame);
    void take_barrier(const v1::Barrier& barrier);
    void take_head(const v1::HeadBeacon& head);
    void take_tick(std::string_view body);
    void take_event(std::string_view frame);
    void tell(const std::vector<v1::Lost>& losses);
    bool wanted(std::string_view topic) const;

    void ask_barrier();
    void watch();
    /// After a loss, silence or a new connection: asks for the heads of our topics, then for a
    /// barrier; once that has come, whatever the heads name must have come before it.
    void reconcile();
    void reconciled(const std::exception_ptr& failure, std::vector<v1::HeadBeacon> heads);

    const std::shared_ptr<Bus::Core> core_;
    const std::vector<Pattern> patterns_;
    const Use use_;
    std::vector<std::string> prefixes_;
    Door door_;
    LossFinder losses_;
    RecentIds recent_;
    v1::Barrier barrier_;
    std::string token_topic_;
    bool token_answered_ = false;
    bool sent_again_ = false;
    Instant token_asked_{};
    std::vector<v1::HeadBeacon> heads_;
    bool heads_wanted_ = false;
    bool reconciling_ = false;
    bool new_connection_ = false;
    Instant reconciled_at_{};
    int silent_seconds_ = 0;
    std::uint64_t last_tick_us_ = 0;
    int silence_limit_;
    /// False once this is gone: for what still runs in the background then.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coven
