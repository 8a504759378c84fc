#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "chat_events.hpp"
#include "coven/bell.hpp"
#include "coven/bus.hpp"
#include "coverage.hpp"
#include "line_events/line_events.hpp"

namespace chat {

/// Puts messages, all else that is said, and gaps onto the bus. IRC cannot wait (its PING must be
/// answered), so while the bus has no room, messages are dropped and counted; the gap is announced
/// when there is room.
class Outlet {
  public:
    /// The bus, or what stands in for it in a test.
    struct Door {
        std::function<coven::Published(const coven::Topic& topic, coven::v1::Event& event)> publish;
        /// Returns when there is room for many more events.
        std::function<boost::asio::awaitable<void>()> room;
    };

    /// `coverage` and `clock` must outlive it.
    Outlet(Door door, Coverage& coverage, coven::Clock& clock, LineEvents::Options options,
           const boost::asio::any_io_executor& executor);

    /// Publishes what is said in `channel`.
    void add(const std::string& channel);
    /// No longer: another one does. Its gaps are announced all the same.
    void remove(std::string_view channel);
    /// Nobody wants it any more: its state is over. To be called before `remove`.
    void end_state(std::string_view channel);
    /// Publishes a PRIVMSG of one of the channels; passes over all else.
    void publish(const IrcLine& line, coven::Time received);
    /// Publishes what any other line of one of the channels, or of none, says to the account
    /// `own_login`.
    void tell(const IrcLine& line, coven::Time received, std::string_view own_login);
    void identify(std::string_view channel, std::string_view id);
    /// To be called when the coverage may have a gap to announce.
    void look_for_gaps() { bell_.ring(); }
    /// Announces gaps until it is cancelled.
    boost::asio::awaitable<void> announce_gaps();
    std::uint64_t dropped() const { return dropped_; }
    /// That were announced.
    std::uint64_t gaps() const { return gaps_; }

  private:
    struct Channel {
        /// Of its messages.
        coven::Topic topic;
        std::string id = {};
    };
    /// Each message asks for its channel: one look, not one for each of fourteen levels.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    bool send(const coven::Topic& topic, coven::v1::Event& event);
    void send_state(const coven::Topic& topic, coven::v1::Event& event);
    void send_states();
    void drop(std::string_view channel, coven::Time received, std::string_view reason);
    void announce(std::vector<Gap> gaps);

    Door door_;
    Coverage& coverage_;
    coven::Clock& clock_;
    ChatEvents events_;
    LineEvents lines_;
    /// States that there was no room for, by topic. They are sent when there is: nobody could ask
    /// Twitch for them again.
    std::map<std::string, coven::v1::Event, std::less<>> unsent_states_;
    std::unordered_map<std::string, Channel, Hash, std::equal_to<>> channels_;
    coven::Bell bell_;
    /// Until there is room again everything is dropped, so that it becomes one gap and not many.
    bool dropping_ = false;
    std::uint64_t dropped_ = 0;
    std::uint64_t gaps_ = 0;
};

}  // namespace chat
