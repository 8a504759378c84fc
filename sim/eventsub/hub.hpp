#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "coven/clock.hpp"
#include "eventsub/ids.hpp"
#include "eventsub/session_state.hpp"
#include "eventsub/subscription_table.hpp"

namespace coven::sim::eventsub {

/// Where the messages of one session go.
class Wire {
  public:
    virtual ~Wire() = default;
    /// What every session is told. False when nothing is said there.
    virtual bool send(std::string_view message) = 0;
    /// The same with what was subscribed to, which a mute one is not told.
    virtual bool tell(std::string_view message) = 0;
    /// Something has changed in its times.
    virtual void wake() = 0;
};

/// What the address that a client dials asks for.
struct Dialled {
    std::chrono::seconds keepalive{0};
    /// Both empty = a new session.
    std::string challenge = {};
    std::string session_id = {};
    /// Example: "ws://127.0.0.1:8080".
    std::string origin = {};
};

/// One client, from its welcome to its end.
struct Session {
    std::string id;
    SessionState state;
    Wire& wire;
    Time connected_at;
    std::string origin;
    /// Whose subscriptions it has; empty before the first one.
    Owner owner = {};
    /// What a new connection must show to take its place, once it was asked to reconnect.
    std::string challenge = {};
    bool was_replaced = false;
};

/// What goes wrong on demand.
struct Faults {
    /// So many of the next notifications are sent twice, with the same message id.
    std::uint64_t repeats = 0;
    /// So many of the next events come in two notifications with two message ids.
    std::uint64_t doubles = 0;
    /// So many of the next notifications are lost.
    std::uint64_t drops = 0;
    /// And so many of a hundred of all others.
    std::uint64_t loss_percent = 0;
    /// So many of the next subscriptions find an equal one of another session in the way.
    std::uint64_t conflicts = 0;
    /// How long it takes until subscriptions of a session that has ended are disabled.
    Duration unnoticed{0};
    /// From the connection to the welcome.
    Duration welcome_pause{0};
};

struct HubTally {
    std::uint64_t sessions = 0;
    /// Events that at least one subscription was for.
    std::uint64_t events = 0;
    std::uint64_t notifications = 0;
    /// Notifications that were lost on demand, or had no session to go to.
    std::uint64_t lost = 0;
};

/// EventSub apart from its sockets: sessions, their subscriptions, and what they are told.
class Hub {
  public:
    struct Options {
        SessionRules session;
        SubscriptionTable::Limits limits;
        /// How long disabled subscriptions stay listed; Twitch: at least a minute.
        Duration listed = std::chrono::minutes(2);
        std::uint64_t seed = 1;
    };
    /// An event in the version that is asked for; nothing = it does not exist in that.
    using EventIn = std::function<std::optional<boost::json::object>(std::string_view version)>;

    /// `clock` must outlive it.
    Hub(const Options& options, Clock& clock);

    /// Welcomes a client. nullptr = it wanted to reconnect and may not. `wire` must live until
    /// `end`, as the result does.
    Session* open(Wire& wire, const Dialled& dialled);
    /// `status` = what becomes of its subscriptions.
    void end(Session& session, std::string_view status);
    void keep_alive(Session& session);
    void ask_to_reconnect(Session& session);
    /// nullptr = it has ended, or never was.
    Session* find(std::string_view session_id);

    /// What was made, or why not.
    struct Outcome {
        const Subscription* made = nullptr;
        SubscriptionTable::Refusal refusal = {};
    };
    /// `wanted` needs type, condition, session, owner and cost.
    Outcome subscribe(Subscription wanted);
    bool unsubscribe(std::string_view id);
    /// Subscriptions that are meant get a revocation with `status`. How many.
    std::size_t revoke(std::string_view status,
                       const std::function<bool(const Subscription&)>& is_meant);
    const SubscriptionTable& subscriptions();

    /// Something has happened. How many notifications that makes.
    std::size_t happen(std::string_view type, const EventIn& event);
    /// The same with an event that is equal in all versions.
    std::size_t happen(std::string_view type, const boost::json::object& event);

    Clock& clock() const { return clock_; }
    Ids& ids() { return ids_; }
    Faults& faults() { return faults_; }
    const HubTally& tally() const { return tally_; }
    const std::list<Session>& sessions() const { return sessions_; }
    /// Called after each change, if set.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  private:
    struct Orphans {
        std::string session_id;
        std::string status;
        Instant noticed_at;
    };

    /// Whose place a client may take; nullptr = nobody's.
    Session* left_by(const Dialled& dialled);
    /// Does what time has done since.
    void tidy();
    void disable(std::string_view session_id, std::string_view status);
    void count(std::string_view session_id);
    /// How many notifications that makes.
    std::size_t notify(const Subscription& subscription, const boost::json::object& event);
    void send(const Subscription& subscription, const std::string& message);
    bool is_lost();
    void changed() const;

    Options options_;
    Clock& clock_;
    Ids ids_;
    Faults faults_;
    HubTally tally_;
    std::list<Session> sessions_;
    std::list<Orphans> orphans_;
    SubscriptionTable table_;
    std::function<void()> changed_;
};

}  // namespace coven::sim::eventsub
