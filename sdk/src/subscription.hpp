#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "core.hpp"
#include "coven/bus.hpp"

namespace coven {

/// What a Subscription is made of: somebody who fetches events, and the queue of those that wait
/// to be handed out.
class Subscription::State {
  public:
    static std::unique_ptr<State> make(std::shared_ptr<Bus::Core> core,
                                       std::vector<Pattern> patterns, const From& from);

    explicit State(std::shared_ptr<Bus::Core> bus) : core(std::move(bus)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    virtual ~State() = default;

    /// Goes on until something may have been put into `waiting`, or until it is time to look again.
    virtual boost::asio::awaitable<void> fetch() = 0;
    /// The same for what is there without waiting.
    virtual void fetch_at_once() = 0;
    virtual bool confirmed() const = 0;
    virtual std::uint64_t duplicates() const = 0;
    virtual std::uint64_t repairs() const { return 0; }
    virtual void ack(const Event& event);
    virtual boost::asio::awaitable<void> acks_flushed();

    /// Takes the first of `waiting`.
    Event hand_out();
    /// Gives the loop a turn after some events, however many more there are.
    boost::asio::awaitable<void> give_way();
    bool owes_a_turn() const { return handed_out_ >= events_per_turn; }
    /// Returns when there is something in `waiting`.
    boost::asio::awaitable<void> fill();

    const std::shared_ptr<Bus::Core> core;
    std::deque<Event> waiting;

  private:
    static constexpr int events_per_turn = 64;

    int handed_out_ = 0;
};

}  // namespace coven
