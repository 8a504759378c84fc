#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bell.hpp"
#include "eventsub/connection.hpp"
#include "eventsub/hub.hpp"
#include "eventsub/reward_book.hpp"
#include "target.hpp"
#include "users.hpp"

namespace coven::sim::eventsub {

/// eventsub.wss.twitch.tv on this machine, behind somebody's door: its hub, its connections, and
/// the rewards that people redeem.
class Server {
  public:
    static constexpr std::string_view path = "/ws";

    /// `users` and `clock` must outlive it.
    Server(const boost::asio::any_io_executor& executor, const Hub::Options& options, Users& users,
           Clock& clock);

    /// Serves one client until it ends.
    boost::asio::awaitable<void> serve(ServerSocket& socket);
    /// The status that a client with this target gets instead of a WebSocket; 0 = none.
    unsigned refusal(std::string_view target) const;
    /// Gives nobody a WebSocket for so long; those that are there stay.
    void shut(Duration time) { opens_at_ = hub_.clock().instant() + time; }

    /// Does `use` to each connection that is meant: to one, to all, or to those with subscriptions
    /// about a channel. To how many.
    std::size_t each(const Target& target, const std::function<void(Connection&)>& use);
    /// The same with its voice; "all" also means those that are to come.
    std::size_t set_voice(const Target& target, Voice voice);

    Hub& hub() { return hub_; }
    RewardBook& rewards() { return rewards_; }
    Users& users() { return users_; }
    const std::vector<Connection*>& connections() const { return connections_; }
    /// Returns when `holds` does; asked again after each change. Waits for ever: wrap it in
    /// `within`.
    boost::asio::awaitable<void> until(std::function<bool()> holds);

  private:
    boost::asio::awaitable<void> serve_one(std::uint64_t number, ServerSocket& socket);
    bool means(const Target& target, const Connection& connection);

    boost::asio::any_io_executor executor_;
    Users& users_;
    Hub hub_;
    RewardBook rewards_;
    Instant opens_at_;
    Voice voice_ = Voice::speaking;
    std::uint64_t came_ = 0;
    std::vector<Connection*> connections_;
    Bell changed_;
};

}  // namespace coven::sim::eventsub
