#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/bus.hpp"
#include "coven/clock.hpp"
#include "viewer.hpp"

namespace coven::cli {

/// A broker that has not answered after this long is worth a word.
inline constexpr std::chrono::seconds broker_limit{2};

/// Says once that there is no broker, if nobody tells it in time that there is one.
class Patience {
  public:
    Patience(Clock& clock, std::string address) : clock_(clock), address_(std::move(address)) {}

    void broker_is_there() { over_ = true; }
    /// Never ends by itself.
    boost::asio::awaitable<void> run();

  private:
    Clock& clock_;
    std::string address_;
    bool over_ = false;
};

/// What becomes of an event that was shown.
enum class Shown { nothing_more, acknowledged };

/// Shows the events of `subscription` until `viewer` stops.
boost::asio::awaitable<Viewer::Step> watch(Subscription& subscription, Viewer& viewer,
                                           Patience& patience, Shown shown);

}  // namespace coven::cli
