#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call_key.hpp"
#include "call_memory.hpp"
#include "call_queue.hpp"
#include "call_work.hpp"
#include "moment.hpp"
#include "routes.hpp"

namespace coven::broker {

/// The calls under way: which connector has them, who waits for them, and what became of those
/// with a key. A call is handed to a connector at most once; equal keys make one call. No store and
/// no sockets: everything returns what is to be done. What changed in the routes counts with the
/// next call of any function here.
class CallTable {
  public:
    /// Those who wait for a reply, over all calls.
    static constexpr std::size_t max_callers = 10'000;
    /// Payloads of the calls that wait for their turn.
    static constexpr std::size_t max_waiting_bytes = std::size_t{64} << 20;

    struct Caller {
        /// Where the reply goes; only passed on.
        std::string envelope;
        /// Whose keys they are; empty where users are not told apart.
        std::string user;
    };

    /// What has become of calls since the start.
    using Ended = std::map<v1::Reply::Status, std::uint64_t>;

    /// `bus_epoch` goes into the ids of calls; `routes` must outlive this.
    CallTable(std::uint64_t bus_epoch, const Routes& routes)
        : id_prefix_(std::to_string(bus_epoch) + "-"), routes_(routes) {}
    CallTable(const CallTable&) = delete;
    CallTable& operator=(const CallTable&) = delete;

    /// Before the first request: `bus_epoch` is that of the broker's start, so that ids of calls
    /// never come again.
    void begin(std::uint64_t bus_epoch) { id_prefix_ = std::to_string(bus_epoch) + "-"; }
    /// What a store has kept, before the first request. False: it is not readable, or there
    /// already.
    bool restore(std::string_view bytes) { return memory_.restore(bytes); }

    /// Hands it to a connector, lets it wait for its turn, joins it to the call with the same key,
    /// or answers at once.
    CallWork accept(v1::Request request, const Caller& caller, const Moment& now);
    /// A record out of `CallWork::stores` is stored.
    CallWork stored(const std::string& call_id, const Moment& now);
    /// It is not and will not be: nothing was tried, and `reply` says so.
    CallWork not_stored(const std::string& call_id, const v1::Reply& reply, const Moment& now);
    /// The connector that has the call says how it ended; `reply.id` does not count. ACCEPTED
    /// changes nothing. EXPIRED, NO_ROUTE and RATE_LIMITED mean that it was not tried, so the key
    /// is free again.
    CallWork finished(const std::string& call_id, const v1::Reply& reply, const Moment& now);
    /// `request`, out of `CallWork::dispatches`, has not left the broker: the routes know that the
    /// connector is out of reach. It goes where its verb is answered now.
    CallWork not_handed(v1::Request request, const Moment& now);
    /// The connector is gone, or another process has taken its name: what it had is UNKNOWN.
    CallWork lost(const ConnectorName& connector, const Moment& now);
    /// Ends what has passed its deadline. A connector's place is free then: it was told how long
    /// it had.
    CallWork expire(const Moment& now);
    /// When `expire` has to be called; none = for nothing now. Memory is tidied at each call.
    std::optional<Instant> next_deadline() const;
    /// `expire` has something to do: a deadline has passed, or the routes have changed.
    bool is_due(const Moment& now) const {
        const bool overdue = !deadlines_.empty() && deadlines_.begin()->first <= now.instant;
        return overdue || routes_version_ != routes_.version();
    }

    /// Calls that wait for their turn or are at a connector.
    std::size_t size() const { return calls_.size(); }
    /// Those of them that a connector has.
    std::size_t handed_over() const { return handed_over_; }
    const Ended& ended() const { return ended_; }
    /// Who may say how it ended. None: it was handed to nobody, or is forgotten.
    std::optional<ConnectorName> connector_of(const std::string& call_id) const;
    const CallMemory& memory() const { return memory_; }

  private:
    enum class State { waiting, storing, running };
    /// What becomes of the key of a call that ends.
    enum class Key { kept, freed };
    struct Asker {
        std::string envelope;
        std::string request_id;
        Instant deadline;
    };
    struct Call {
        /// `id` is the call's; empty once it is handed over.
        v1::Request request;
        /// Without outcome; of a call without a key only `call_id` is used.
        v1::StoredCall record;
        Instant deadline;
        State state = State::waiting;
        /// Where it waits or is.
        ConnectorName connector;
        bool is_stored = false;
        std::vector<Asker> askers;
    };
    using Number = std::uint64_t;
    using Calls = std::map<Number, Call>;

    std::optional<v1::Reply> refusal(const v1::Request& request, const CallKey& key) const;
    v1::Reply no_route(const v1::Request& request) const;
    /// Whether the key has said all.
    bool answer_by_key(const v1::Request& request, const CallKey& key, const Asker& asker);
    bool join(Call& call, Number number, const Asker& asker, std::uint64_t hash);
    void begin(v1::Request request, const CallKey& key, const Asker& asker);
    void answer(const Asker& asker, const v1::Reply& reply);

    /// What time and routes have changed since the last call of a function.
    void tidy(const Moment& now);
    void expire_call(Number number, const Moment& now);
    void settle_routes(const Moment& now);
    void follow_route(Number number, const Moment& now);
    void wait_at(const ConnectorName& connector, Number number, Call& call);
    void wait_again(Number number, const Moment& now);
    /// Starts whose turn it is: nothing else does, so what is overdue or has no route is gone.
    CallWork take_work(const Moment& now);
    void start(Call& call, const Moment& now);
    void dispatch(Call& call, const Moment& now);
    void end(Number number, const v1::Reply& reply, Key key, const Moment& now);
    void end_key(const v1::StoredCall& record, const v1::Reply& reply, Key key, const Moment& now);

    /// Of a call that is under way.
    std::optional<Number> number_of(const std::string& call_id) const;
    Calls::iterator find(const std::string& call_id);
    static CallQueue::Turn turn_of(Number number, const Call& call) {
        return {call.request.priority(), number};
    }

    std::string id_prefix_;
    const Routes& routes_;
    std::uint64_t routes_version_ = 0;
    Number last_number_ = 0;
    Calls calls_;
    /// Those with a key.
    std::map<CallKey, Number> keys_;
    /// Of each call and of each who waits for it.
    std::set<std::pair<Instant, Number>> deadlines_;
    std::size_t callers_ = 0;
    std::size_t handed_over_ = 0;
    Ended ended_;
    std::size_t waiting_bytes_ = 0;
    CallQueue queue_;
    /// Where a place has become free or somebody waits since.
    std::set<ConnectorName> ready_;
    CallMemory memory_;
    CallWork work_;
};

}  // namespace coven::broker
