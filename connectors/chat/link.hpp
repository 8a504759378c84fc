#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "coven/web_socket.hpp"
#include "dialogue.hpp"
#include "line_splitter.hpp"

namespace chat {

/// One connection to Twitch's chat: moves lines between a WebSocket and a dialogue.
class Link {
  public:
    struct Listener {
        /// Called for each line, after the dialogue has heard it.
        std::function<void(const IrcLine& line, const Heard& heard)> line;
        /// Called when the state of rooms may have changed.
        std::function<void()> change;
    };

    /// `clock` must outlive the link, and the line that the dialogue's rooms wait in.
    Link(std::unique_ptr<coven::WebSocket> socket, Dialogue dialogue, coven::Clock& clock,
         const boost::asio::any_io_executor& executor, Listener listener);

    /// Works until it has finished; throws coven::LinkLost when the connection is of no use.
    boost::asio::awaitable<void> run();
    void want(const std::string& channel, JoinQueue::Turn turn);
    void drop(const std::string& channel);
    /// Ends it once everything that was said until now has been heard.
    void finish();

    const Dialogue& dialogue() const { return dialogue_; }
    /// When anything was last heard.
    coven::Time last_sign() const { return last_sign_; }

  private:
    boost::asio::awaitable<void> read();
    boost::asio::awaitable<void> speak();
    void hear(std::string_view frame);

    std::unique_ptr<coven::WebSocket> socket_;
    Dialogue dialogue_;
    coven::Clock& clock_;
    Listener listener_;
    LineSplitter splitter_;
    coven::Bell bell_;
    coven::Time last_sign_;
    std::uint64_t too_long_ = 0;
};

}  // namespace chat
