#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/bus.hpp"
#include "requester.hpp"

namespace coven {

/// Tells the broker once a second that this connector lives and how it is doing.
class Herald {
  public:
    Herald(Requester& requester, Clock& clock, const Identity& identity,
           const std::string& metrics_url);

    /// False when nothing changed.
    bool set(v1::Presence::State state, const std::string& words);
    const v1::Presence& presence() const { return presence_; }
    void beat();
    /// Beats until cancelled.
    boost::asio::awaitable<void> run();

  private:
    Requester& requester_;
    Clock& clock_;
    const Identity& identity_;
    v1::Presence presence_;
    std::string verb_ = "connector.ready";
};

}  // namespace coven
