#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "channel_board.hpp"
#include "coven/bus.hpp"
#include "coven/replicas.hpp"
#include "notice.hpp"
#include "requester.hpp"

namespace coven {

/// Tells the broker once a second that this connector lives and how it is doing, and how far it is
/// with its channels.
class Herald {
  public:
    struct Says {
        /// Puts the presence onto the bus.
        std::function<void()> publish;
        /// Fills in the verbs and targets of a heartbeat.
        std::function<void(v1::ConnectorReady& ready)> claim;
    };

    Herald(Requester& requester, boost::asio::io_context& io, Clock& clock,
           const Identity& identity, const std::string& metrics_url, Says says);

    /// Another state is told and published at once, another reason within a second: it may change
    /// with each of hundreds of channels.
    void set(v1::Presence::State state, const std::string& words);
    const v1::Presence& presence() const { return presence_; }
    void set_channel(v1::ChannelState state);
    /// See `Bus::replicas`.
    const Replicas& replicas() const { return replicas_; }
    boost::asio::awaitable<void> replicas_changed() { return replicas_news_.wait(); }
    /// Tells without looking at the reply.
    void beat();
    /// Works until cancelled.
    boost::asio::awaitable<void> run();

  private:
    v1::Request next_beat();
    boost::asio::awaitable<void> keep_beating();
    boost::asio::awaitable<void> beat_and_hear();
    boost::asio::awaitable<void> tell_channels();
    void hear(const v1::ConnectorKind& kind);

    Requester& requester_;
    Clock& clock_;
    const Identity& identity_;
    Says says_;
    v1::Presence presence_;
    bool unpublished_ = false;
    std::string verb_ = "connector.ready";
    ChannelBoard channels_;
    Notice news_;
    Replicas replicas_;
    std::uint64_t kind_version_ = 0;
    Notice replicas_news_;
};

}  // namespace coven
