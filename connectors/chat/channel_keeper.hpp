#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "channel_share.hpp"
#include "coven/bus.hpp"
#include "coverage.hpp"
#include "feeds.hpp"
#include "outlet.hpp"

namespace chat {

/// Has the channels heard that are this instance's share, as they come and go, and hands over those
/// that move to another replica.
class ChannelKeeper {
  public:
    struct Parts {
        coven::Bus& bus;
        Feeds& feeds;
        Coverage& coverage;
        Outlet& outlet;
        /// Called when the set of channels has changed.
        std::function<void()> change;
    };

    /// All parts and `share` must outlive it.
    ChannelKeeper(Parts parts, ChannelShare& share);

    /// Works until it is cancelled.
    boost::asio::awaitable<void> run();

  private:
    void take_accounts();
    void apply(const ChannelShare::Changes& changes);
    void start(const ChannelShare::Started& started);
    void stop(const std::string& channel);
    boost::asio::awaitable<void> until_changed();
    boost::asio::awaitable<void> hand_over();
    void adopt();
    boost::asio::awaitable<void> look_who_hears();
    std::string take_page(const coven::v1::ChannelsList& page);

    Parts parts_;
    ChannelShare& share_;
};

}  // namespace chat
