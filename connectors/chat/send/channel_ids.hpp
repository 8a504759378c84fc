#pragma once

#include <map>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/helix.hpp"

namespace chat {

/// Twitch's numeric ids of logins, which Helix wants. An answer is believed for an hour: a login
/// may go over to somebody else.
class ChannelIds {
  public:
    /// `clock` must outlive it.
    explicit ChannelIds(coven::Clock& clock) : clock_(clock) {}

    void learn(const std::string& login, const std::string& id);
    /// Nothing: Twitch has nobody of that login. `helix` must outlive the call.
    boost::asio::awaitable<coven::HelixResult<std::optional<std::string>>> find(coven::Helix& helix,
                                                                                std::string login);

  private:
    struct Known {
        std::string id;
        coven::Instant until;
    };

    coven::Clock& clock_;
    std::map<std::string, Known, std::less<>> known_;
};

}  // namespace chat
