#pragma once

#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/clock.hpp"
#include "coven/command.hpp"
#include "coven/config.hpp"
#include "coven/event.hpp"
#include "coven/from.hpp"
#include "coven/metrics.hpp"
#include "coven/replicas.hpp"
#include "coven/result.hpp"
#include "coven/topic.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/request.pb.h"

namespace coven {

/// The broker's three doors.
struct Endpoints {
    std::string publish = "tcp://127.0.0.1:5555";
    std::string subscribe = "tcp://127.0.0.1:5556";
    std::string request = "tcp://127.0.0.1:5557";

    /// From [bus] publish, subscribe and request.
    static Endpoints from(const Config& config);
};

/// What keeps `address` from being one of the broker's doors, if anything does: ZeroMQ has more
/// transports (zmq_connect(3), read 2026-11-22) than tcp:// and ipc://, which the broker offers.
std::optional<Error> address_fault(std::string_view address);

/// Who speaks: what presence and the `source` of events say.
struct Identity {
    std::string kind = "program";
    std::string instance = "program-1";
    /// Those that it may answer (`Bus::answer`); of a connector, what its manifest says.
    std::vector<std::string> verbs = {};
    /// For whom, at the start (`Bus::answer_for`). "*" = for all. Example: "xqc".
    std::vector<std::string> targets = {"*"};
};

/// Events of a subscription, in the order of the bus. Each loss that shows in the numbers is handed
/// out where the missing events would have stood (`Event::lost`); a repeat within 60 s of the same
/// (topic, id) is dropped, unless it is a state. It lives through restarts of the broker. It must
/// be asked for events steadily: after 100 000 unread ones ZeroMQ drops, and the loss is reported,
/// or, by a subscription with a past (`From`), repaired from history. Not thread-safe.
///
/// One that was made by a Bus with a loop of its own must die before that Bus.
class Subscription {
  public:
    Subscription(Subscription&&) noexcept;
    Subscription& operator=(Subscription&&) noexcept;
    ~Subscription();

    /// The next event. Throws std::runtime_error in the broker's words when it refuses: it keeps
    /// no history, or another program has taken the cursor over.
    boost::asio::awaitable<Event> next();
    /// Returns once the broker has confirmed the subscription: every matching event numbered from
    /// now on will be handed out. Keeps asking while the broker is away; throws as `next` does.
    boost::asio::awaitable<void> ready();
    /// Only from a cursor: `event` and all before it are dealt with. It is told to the broker at
    /// most every 250 ms, once the event is stored, and when this dies.
    void ack(const Event& event);
    /// Returns when the broker has stored what was acknowledged, or throws TimedOut.
    boost::asio::awaitable<void> flush_acks(std::chrono::milliseconds limit);
    /// Repeats that were dropped so far.
    std::uint64_t duplicates() const;
    /// Times that something was missing on the bus and was read again from history.
    std::uint64_t repairs() const;

    /// For a program without a loop of its own: `for (const auto& event : bus.subscribe("…"))`.
    /// Blocks between events and never ends by itself.
    class Iterator {
      public:
        using value_type = Event;
        using difference_type = std::ptrdiff_t;

        const Event& operator*() const { return *event_; }
        const Event* operator->() const { return event_.get(); }
        Iterator& operator++();
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return false; }

      private:
        friend class Subscription;
        explicit Iterator(Subscription& subscription) : subscription_(&subscription) {}

        Subscription* subscription_;
        std::shared_ptr<const Event> event_;
    };
    /// Only with a Bus that was made without an io_context, as is `begin`: blocks like `ready`
    /// waits.
    void wait_ready();
    Iterator begin();
    std::default_sentinel_t end() const { return std::default_sentinel; }

    class State;

  private:
    friend class Bus;
    explicit Subscription(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// What became of an event given to `Bus::publish`.
enum class Published {
    /// Kept until the broker has acknowledged it.
    queued,
    /// Dropped: the outbox is at its bound because the broker does not answer. The caller stops
    /// reading its source or announces a SourceGap.
    outbox_full,
    /// Dropped: the frame is longer than 64 KiB, which the broker would refuse.
    too_large,
};

/// A program's connection to the broker. Not thread-safe: use it from the thread that runs `io`.
///
/// A subscriber hears only what is published after its subscription has reached the broker;
/// `Subscription::ready` waits for that.
class Bus {
  public:
    /// For a program without a loop of its own. Connects in the background; the broker need not be
    /// there yet.
    explicit Bus(Endpoints endpoints = {});
    /// For a connector. `io` and `clock` must outlive the Bus.
    Bus(boost::asio::io_context& io, Endpoints endpoints, Clock& clock, Identity identity);
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    ~Bus();

    Subscription subscribe(PatternLiteral pattern, const From& from = From::now());
    Subscription subscribe(std::vector<Pattern> patterns, const From& from = From::now());

    /// Publishes `event` on `topic`. Fills in what is empty of `id`, `source`, `spec_version` and
    /// `received_us`, and the tail; so `event` can be reused. It is kept until the broker has
    /// acknowledged it and sent again after a restart of the broker; the outbox holds 20 000
    /// events or 32 MiB. One that comes within a millisecond of the one before waits for the end of
    /// that millisecond, and goes with the others that came in it.
    [[nodiscard]] Published publish(const Topic& topic, v1::Event& event);
    /// Returns when the outbox is below half of its bound.
    boost::asio::awaitable<void> room();
    /// Returns when the broker has acknowledged everything, or throws TimedOut.
    boost::asio::awaitable<void> flush(std::chrono::milliseconds limit);

    /// Sends `request` (its id is filled in) and gives the reply. Throws TimedOut after `limit`.
    boost::asio::awaitable<v1::Reply> request(v1::Request request, std::chrono::milliseconds limit);
    /// The same for a program without a loop of its own.
    v1::Reply ask(v1::Request request, std::chrono::milliseconds limit);
    /// Has a connector carry `request` out and gives its answer within `deadline`; its id and
    /// `deadline_ms` are filled in. Never throws for the bus' sake: where the broker says nothing
    /// the answer is UNKNOWN with the code "no_answer". A request with an `idempotency_key` is
    /// carried out at most once, so it can be sent again until the outcome is known.
    boost::asio::awaitable<v1::Reply> call(v1::Request request, std::chrono::milliseconds deadline);

    /// Answers calls of `verb`, one of `Identity::verbs`, until it is cancelled; calls are handed
    /// over unless DRAINING or GONE is reported. Up to 64 run at once, more are answered
    /// RATE_LIMITED. The broker is told each outcome until it has confirmed it, after its restart,
    /// too: up to 1000 or 32 MiB of them are kept, and with as many nothing new is begun. A payload
    /// of more than 1 MiB is left out of its answer, which says so. When this is cancelled, the
    /// calls under way are, too, with the answer UNKNOWN, and it ends after they have: `answerer`
    /// may refer to what its caller owns. Throws std::logic_error when the verb is not declared or
    /// is answered already.
    boost::asio::awaitable<void> answer(std::string verb, Answerer answerer);
    /// Whose calls are answered from now on, in place of `Identity::targets`; "*" = everybody's.
    void answer_for(std::vector<std::string> targets);
    /// Reports DRAINING, refuses new calls as not tried, and returns when those under way have
    /// ended and their answers are confirmed, or throws TimedOut. Other reports than GONE do
    /// nothing afterwards. A connector's main does it at SIGTERM.
    boost::asio::awaitable<void> drain(std::chrono::milliseconds limit);

    /// Says how this instance is doing, on `bus.<kind>.<instance>.state` and in each heartbeat.
    /// Does nothing when nothing changed. Another state is told at once, another reason within a
    /// second.
    void report(v1::Presence::State state, const std::string& reason);
    /// Says how far this instance is with one of its channels, for `channels.list`; `since_us` is
    /// filled in. Does nothing when nothing changed; the broker hears of changes every 250 ms at
    /// most, and everything again after its restart. GONE = not wanted any more.
    void report_channel(v1::ChannelState state);

    /// As last heard from the broker. Before that, this instance alone and no channels. While a
    /// broker has just started, and may not have heard all instances yet, those that were there
    /// before are taken to be there still.
    const Replicas& replicas() const;
    /// Returns when `replicas` is another one, or was heard for the first time.
    boost::asio::awaitable<void> replicas_changed();

    /// Says goodbye to the broker (GONE in a last heartbeat) and ends what runs in the background,
    /// so that `io.run()` can return. Nothing may be called afterwards but the destructor.
    void close();

    Clock& clock();
    const Identity& identity() const;
    /// Of this program. Ready while READY is reported. Served before the first report, its address
    /// stands in presence.
    Metrics& metrics();

    /// Everything behind the door; only the sdk's own files know.
    class Core;

  private:
    std::unique_ptr<boost::asio::io_context> own_io_;
    std::unique_ptr<Clock> own_clock_;
    std::shared_ptr<Core> core_;
};

}  // namespace coven
