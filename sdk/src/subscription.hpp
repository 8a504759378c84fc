#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>

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
    /// Returns when there is something in `ready`.
    boost::asio::awaitable<void> fill();
    /// Handles what has arrived, until there is an event to hand out or nothing is left.
    void drain();

    std::shared_ptr<Bus::Core> core;
    std::deque<Event> ready;
    bool confirmed = false;
    std::uint64_t duplicates = 0;

  private:
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
    boost::asio::awaitable<void> fetch_heads();
    boost::asio::awaitable<void> fetch_heads_of(std::string prefix);

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
    int silent_seconds_ = 0;
    int silence_limit_;
    boost::asio::cancellation_signal stop_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coven
