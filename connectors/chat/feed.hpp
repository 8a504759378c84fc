#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "chat_numbers.hpp"
#include "coven/backoff.hpp"
#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "coven/web_socket.hpp"
#include "coverage.hpp"
#include "link.hpp"
#include "outlet.hpp"

namespace chat {

/// Keeps a set of channels heard: through one connection, or two while one takes over from the
/// other because the server asked for it (RECONNECT). Several feeds can share a limiter, a coverage
/// and an outlet, each with its own channels.
class Feed {
  public:
    struct Settings {
        std::string url;
        coven::WebSocket::Options socket;
        Dialogue::Settings dialogue;
        Roster::Limits rooms;
    };
    /// What all feeds of a connector share; must outlive them.
    struct Shared {
        coven::Clock& clock;
        JoinLimiter& limiter;
        Coverage& coverage;
        Outlet& outlet;
        /// Called when `status` may have changed.
        std::function<void()> change;
        ChatNumbers& numbers;
    };
    struct Status {
        /// Why there is no connection; empty while there is one or none was tried yet.
        std::string trouble;
        /// The rooms of the newest connection; nullptr while there is none that is logged in.
        const Roster* roster = nullptr;
        /// A connection is being made.
        bool dialing = false;
    };

    Feed(Settings settings, std::vector<std::string> channels, Shared& shared,
         const boost::asio::any_io_executor& executor);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// Works until it is cancelled.
    boost::asio::awaitable<void> run();
    Status status() const;
    const std::vector<std::string>& channels() const { return channels_; }

  private:
    /// A place for a connection. Two of them take turns.
    struct Seat {
        explicit Seat(const boost::asio::any_io_executor& executor) : bell(executor) {}

        std::unique_ptr<Link> link;
        bool dialing = false;
        bool asked_to_reconnect = false;
        coven::Bell bell;
    };

    boost::asio::awaitable<void> keep(Seat& seat);
    boost::asio::awaitable<void> serve(Seat& seat);
    boost::asio::awaitable<void> dial(Seat& seat);
    void hear(Seat& seat, const IrcLine& line, const Heard& heard);
    void lose(Seat& seat, const std::string& reason, std::chrono::milliseconds pause);
    void leave_rooms(Seat& seat, const std::string& reason, coven::Time heard_until);
    void take_turns();
    Roster make_roster() const;
    Seat& other(const Seat& seat) { return &seat == &seats_[0] ? seats_[1] : seats_[0]; }

    Settings settings_;
    std::vector<std::string> channels_;
    Shared& shared_;
    boost::asio::any_io_executor executor_;
    std::array<Seat, 2> seats_;
    /// The seat that shall have a connection.
    Seat* chosen_ = &seats_[0];
    /// Before these moments no connection begins, and none takes over from another.
    coven::Instant next_dial_{};
    coven::Instant next_turn_{};
    std::string trouble_;
};

}  // namespace chat
