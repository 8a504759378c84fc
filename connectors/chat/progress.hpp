#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "channel_share.hpp"
#include "coven/bell.hpp"
#include "coven/bus.hpp"
#include "coverage.hpp"
#include "feeds.hpp"

namespace chat {

/// Says how far we are, for whoever asks. It changes with every line and with time, and is worth a
/// look now and then.
class Progress {
  public:
    /// All must outlive it.
    Progress(coven::Bus& bus, const Feeds& feeds, const Coverage& coverage,
             const ChannelShare& share, const boost::asio::any_io_executor& executor)
        : bus_(bus), feeds_(feeds), coverage_(coverage), share_(share), bell_(executor) {}

    /// Something may have changed: it is told soon.
    void change();
    /// Works until it is cancelled.
    boost::asio::awaitable<void> tell();

  private:
    boost::asio::awaitable<void> tell_presence();
    boost::asio::awaitable<void> tell_channels();
    void report_presence();
    void report_channels();

    coven::Bus& bus_;
    const Feeds& feeds_;
    const Coverage& coverage_;
    const ChannelShare& share_;
    coven::Bell bell_;
    bool presence_changed_ = true;
    bool channels_changed_ = true;
};

}  // namespace chat
