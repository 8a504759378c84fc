#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <zmq.hpp>

#include "drops.hpp"
#include "subscription.hpp"

namespace coven::broker {

/// How many subscriptions each connection of the subscribe door holds.
///
/// A connection is told apart by the metadata that libzmq hangs on its frames: one object for each
/// connection, kept alive by keeping a frame of it, so that its address is not used again (libzmq
/// 4.3.4, src/metadata.hpp, read 2026-11-22). File descriptors alone are used again at once.
///
/// libzmq tells of an unsubscription only when no other connection holds the same prefix
/// (XPUB_VERBOSE), so the count of a connection that unsubscribes may stay too high.
class Connections {
  public:
    static constexpr std::size_t max_subscriptions = 20'000;

    /// The count of one connection.
    class Connection {
      public:
        int descriptor() const { return descriptor_; }
        /// What Barrier.prefixes says: `~s.` and `~a.` left out.
        std::size_t prefixes() const { return prefixes_.size(); }
        /// It broke a limit and is being cut.
        bool cut() const { return cut_; }

      private:
        friend class Connections;
        std::size_t held() const { return prefixes_.size() + questions_.size(); }

        int descriptor_ = -1;
        bool cut_ = false;
        zmq::message_t frame_;
        /// Hashes: what they are is only interesting to libzmq.
        std::unordered_set<std::size_t> prefixes_;
        std::unordered_set<std::size_t> questions_;
    };

    /// Counts what `frame` says; it keeps `frame` if the connection is new. Null when `frame` does
    /// not say whose it is: libzmq unsubscribes by itself for a connection that is gone.
    Connection* count(const Subscription& subscription, zmq::message_t& frame);
    /// Why the connection must be cut after this subscription of it; nullopt = it must not.
    static std::optional<Drop> limit_broken(const Connection& connection,
                                            const Subscription& subscription);
    static void mark_cut(Connection& connection);

    /// Forgets the one with this descriptor: the monitor of the socket says that it ended, or that
    /// another begins (frames of the one before may have come in after its end).
    void forget(int descriptor);
    /// Those whose subscriptions are counted under this descriptor; nullptr when it has none.
    Connection* find(int descriptor);

    /// Of all connections together.
    std::size_t subscriptions() const;

  private:
    std::unordered_map<const void*, Connection> connections_;
};

}  // namespace coven::broker
