#pragma once

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "chat_numbers.hpp"
#include "coven/backoff.hpp"
#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "coven/web_socket.hpp"
#include "coverage.hpp"
#include "dial_pace.hpp"
#include "link.hpp"
#include "outlet.hpp"
#include "reader.hpp"

namespace chat {

/// Keeps a set of channels heard: through one connection, or two while one takes over from the
/// other because the server asked for it (RECONNECT); through none while the set is empty. Several
/// feeds share a coverage and an outlet, each with its own channels.
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
        DialPace& pace;
        Coverage& coverage;
        Outlet& outlet;
        /// Called when `status` may have changed.
        std::function<void()> change;
        ChatNumbers& numbers;
        /// Told which numeric id a channel has.
        std::function<void(const std::string& channel, const std::string& id)> identified =
            [](const auto& /*channel*/, const auto& /*id*/) {};
        /// Told of each line whose badges say what somebody is in its channel: anybody who wrote
        /// it, or the account that reads.
        std::function<void(std::string_view login, const IrcLine& line)> badged =
            [](std::string_view /*login*/, const IrcLine& /*line*/) {};
    };
    struct Status {
        /// Why there is no connection; empty while there is one or none was tried yet.
        std::string trouble;
        /// The rooms of the newest connection; nullptr while there is none that is logged in.
        const Roster* roster = nullptr;
        /// A connection is being made.
        bool dialing = false;
        /// There is something to be heard.
        bool is_wanted = true;
    };

    /// `reader` and `shared` must outlive it.
    Feed(const Settings& settings, Reader& reader, Shared& shared,
         const boost::asio::any_io_executor& executor);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// Works until it is cancelled.
    boost::asio::awaitable<void> run();
    /// Hears `channel` from now on, or no longer. The coverage and the outlet are told by the
    /// caller.
    void want(const std::string& channel);
    void drop(const std::string& channel);
    Status status() const;
    const std::set<std::string, std::less<>>& channels() const { return channels_; }
    Reader& reader() const { return reader_; }

  private:
    /// A place for a connection. Two of them take turns.
    struct Seat {
        explicit Seat(const boost::asio::any_io_executor& executor) : bell(executor) {}

        std::unique_ptr<Link> link;
        /// What it logged in with.
        coven::Secret token;
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
    JoinQueue::Turn turn_of(const std::string& channel) const;
    Seat& other(const Seat& seat) { return &seat == &seats_[0] ? seats_[1] : seats_[0]; }

    const Settings& settings_;
    Reader& reader_;
    Shared& shared_;
    std::set<std::string, std::less<>> channels_;
    boost::asio::any_io_executor executor_;
    std::array<Seat, 2> seats_;
    /// The seat that shall have a connection.
    Seat* chosen_ = &seats_[0];
    /// Before this moment none takes over from another.
    coven::Instant next_turn_{};
    /// Before this moment the one that takes over does not begin.
    coven::Instant turn_begins_{};
    std::string trouble_;
};

}  // namespace chat
