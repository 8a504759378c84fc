#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coven/result.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/request.pb.h"
#include "moment.hpp"
#include "routes.hpp"

namespace coven::broker {

/// The connectors that are there: who said `connector.ready` or `connector.beat` lately. Bounded;
/// when it is full, new ones are refused. Who is gone is still shown for ten minutes, as long as
/// there is room.
class ConnectorTable {
  public:
    static constexpr std::size_t max_connectors = 1000;

    /// Says why `ready` is refused, for people.
    Result<void> hear(const v1::ConnectorReady& ready, const Moment& now);
    /// The same of a process that has just begun: whoever was heard under its name was another one.
    Result<void> hear_new(const v1::ConnectorReady& ready, const Moment& now);
    bool knows(const std::string& kind, const std::string& instance) const;
    /// One that was heard is on `connection` from now on; empty = commands cannot reach it. Which
    /// it was on before; empty = none.
    std::string connect(const ConnectorName& name, const std::string& connection);
    /// Where commands for it go; empty = nowhere.
    std::string connection_of(const ConnectorName& name) const;
    /// Somebody who is there is on this connection.
    bool is_connected(const std::string& connection) const;
    /// Nothing can be sent to it: it answers nothing until it is heard again.
    void lose_touch(const ConnectorName& name) { routes_.lose_touch(name); }
    /// GONE for each that said goodbye or missed three beats since the last call. Forgets who has
    /// been gone for long.
    std::vector<v1::Presence> take_gone(const Moment& now);
    /// Somebody said goodbye since.
    bool has_news() const { return !gone_.empty(); }

    /// Kinds of which an instance came, came back, went, began to drain or was forgotten since the
    /// last call.
    std::set<std::string> take_changed_kinds() { return std::exchange(changed_kinds_, {}); }
    /// Those of `kind`, ordered by name. One that drains is as good as gone: others shall take over
    /// what it lets go.
    std::vector<v1::ConnectorKind::Instance> instances_of(const std::string& kind) const;
    /// It has an instance, and be it one that is gone.
    bool has_kind(const std::string& kind) const;

    /// Ordered by kind and instance, those that are gone among them. When all does not fit into
    /// `max_bytes`, verbs and targets of some are left out; the connectors themselves always fit
    /// into 1 MiB.
    v1::ConnectorsList list(std::size_t max_bytes) const;
    /// Who answers what, of those that are there.
    const Routes& routes() const { return routes_; }
    /// Those that are there.
    std::size_t size() const { return entries_.size(); }

  private:
    struct Entry {
        v1::ConnectorReady ready;
        std::string connection;
        Instant last_beat{};
        std::uint64_t last_beat_us = 0;
        /// Of the process before; 0 = none that is known.
        std::uint64_t earlier_beat_us = 0;
    };
    using Key = std::pair<std::string, std::string>;

    struct Gone {
        v1::Presence presence;
        std::uint64_t last_beat_us = 0;
        Instant since{};
    };

    void say_gone(v1::Presence presence, const std::string& reason, const Entry& entry,
                  const Moment& now);
    std::uint64_t last_beat_of(const Key& key) const;
    void make_room();
    void forget_old(const Moment& now);

    std::map<Key, Entry> entries_;
    /// Who is gone and not back. Together with the others never more than `max_connectors`.
    std::map<Key, Gone> past_;
    std::vector<v1::Presence> gone_;
    std::set<std::string> changed_kinds_;
    Routes routes_;
};

/// Where a connector's presence stands: bus.<kind>.<instance>.state.
std::string presence_topic(const v1::Presence& presence);

}  // namespace coven::broker
