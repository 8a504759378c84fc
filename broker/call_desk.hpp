#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "call_table.hpp"
#include "connector_table.hpp"
#include "storage.hpp"

namespace coven::broker {

/// Who has sent a request.
struct Sender {
    /// Its connection to the request door; empty = it cannot be handed commands there.
    std::string connection;
    /// Where the reply goes; only passed on.
    std::string envelope;
};

/// Calls between their callers, the store and the connectors: replies wait here until what they
/// promise is stored. No sockets: what is to be sent is taken from here.
///
/// Without a journal a key holds for the life of the broker. While a journal stores nothing, calls
/// with a key are refused, as nobody could keep its promise; those that a connector has already end
/// as ever, and what became of them is stored when there is room again.
class CallDesk {
  public:
    struct Command {
        /// Where it goes; empty = the connector has none any more.
        std::string connection;
        ConnectorName to;
        v1::Request request;
    };
    struct Reply {
        std::string envelope;
        v1::Reply reply;
        /// What it answers, for the count of answers: a verb of ours, or "other".
        std::string_view verb = "other";
    };

    /// Both must outlive this.
    CallDesk(ConnectorTable& connectors, Storage& storage)
        : connectors_(connectors), storage_(storage), table_(1, connectors.routes()) {}
    CallDesk(const CallDesk&) = delete;
    CallDesk& operator=(const CallDesk&) = delete;

    /// What the journal has kept, before `begin`.
    void restore();
    /// Before the first request; `bus_epoch` is the first one of this life of the broker.
    void begin(std::uint64_t bus_epoch) { table_.begin(bus_epoch); }

    void accept(v1::Request request, const Sender& sender, const Moment& now);
    /// `sender` says, in its request `request_id`, how the call `outcome.id` has ended.
    void finish(const v1::Reply& outcome, const std::string& request_id, const Sender& sender,
                const Moment& now);
    /// See `CallTable::lost`.
    void lose(const ConnectorName& connector, const Moment& now);

    /// Goes on with what is stored by now, or never will be. Costs nothing while there is nothing.
    void serve_stored(const Moment& now);
    /// Goes on with what time and routes have changed.
    void serve_due(const Moment& now) {
        if (table_.is_due(now)) tidy(now);
    }
    /// The same, and tidies the memory; once a second is enough.
    void tidy(const Moment& now);
    /// When `serve_due` must be called although nothing else happens; nothing = not at all.
    std::optional<Instant> next_deadline() const { return table_.next_deadline(); }

    /// Nothing = no more for now.
    std::optional<Command> take_command();
    std::optional<Reply> take_reply();
    /// It could not be sent: the connector is out of reach and has never had it.
    void not_sent(Command command, const Moment& now);

    const CallTable& table() const { return table_; }

  private:
    enum class Fate { stored, dropped };
    /// What is stored together, and what waits for it.
    struct Batch {
        /// 0 = nothing is to be stored.
        std::uint64_t ticket = 0;
        std::vector<v1::StoredCall> records;
        std::vector<std::string> forgotten;
        std::vector<CallWork::Answer> answers;
        /// To a connector, whose word counts only when it is stored.
        std::optional<Reply> confirmation;
    };

    std::optional<v1::Reply> refusal(const std::string& call_id, const Sender& sender) const;
    void add(CallWork work, Batch batch);
    Fate store(Batch& batch);
    void run(const Moment& now);
    void settle(Batch& batch, Fate fate, const Moment& now);
    void drop(const Batch& batch, const Moment& now);
    void pay_owed();
    /// What is on its way to the disk now; 0 = nothing.
    std::uint64_t last_ticket() const { return pending_.empty() ? 0 : pending_.back().ticket; }

    ConnectorTable& connectors_;
    Storage& storage_;
    CallTable table_;
    /// In order of their tickets.
    std::deque<Batch> pending_;
    std::deque<std::pair<Batch, Fate>> decided_;
    /// Ended calls of which the store does not know what is known here.
    std::set<std::string> owed_;
    std::deque<CallWork::Dispatch> commands_;
    std::deque<Reply> replies_;
};

}  // namespace coven::broker
