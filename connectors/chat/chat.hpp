#pragma once

#include <string>
#include <vector>

#include "chat_events.hpp"
#include "coven/connector.hpp"
#include "feed.hpp"

namespace chat {

/// Reads Twitch's chat without an account and publishes what is said.
class Chat final : public coven::Connector {
  public:
    struct Settings {
        /// Logins, checked.
        std::vector<std::string> channels;
        JoinLimiter::Limits joins;
        LineEvents::Options events;
        Feed::Settings feed;
    };

    /// Fails when a channel is no login or a number is out of its range; names the setting.
    static coven::Result<Settings> read_settings(const coven::Config& config);

    explicit Chat(Settings settings) : settings_(std::move(settings)) {}

    boost::asio::awaitable<void> run(coven::Bus& bus) override;

  private:
    Settings settings_;
    ChatNumbers numbers_;
};

}  // namespace chat
