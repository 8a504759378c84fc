#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chat_events.hpp"
#include "coven/connector.hpp"
#include "coven/token_store.hpp"
#include "feeds.hpp"
#include "send/sending.hpp"

namespace chat {

/// Reads Twitch's chat and publishes what is said; writes to it with an account.
class Chat final : public coven::Connector {
  public:
    struct Settings {
        /// Logins, checked.
        std::vector<std::string> channels;
        /// Accounts that join rooms, before the rest is joined without one.
        std::vector<std::string> read_as;
        /// Where their tokens are.
        std::string token_folder;
        JoinLimiter::Limits joins;
        Feeds::Limits rooms;
        /// Between the beginnings of two connections.
        coven::Duration connect_every{};
        LineEvents::Options events;
        Feed::Settings feed;
        Sending::Settings sending;
    };

    /// Fails when a channel is no login or a number is out of its range; names the setting.
    static coven::Result<Settings> read_settings(const coven::Config& config);

    explicit Chat(Settings settings) : settings_(std::move(settings)) {}

    boost::asio::awaitable<void> run(coven::Bus& bus) override;

  private:
    using Readers = std::vector<std::unique_ptr<Reader>>;

    Readers readers(coven::Bus& bus, const coven::TokenStore& store) const;
    boost::asio::awaitable<void> read(coven::Bus& bus, Sending& sending);

    Settings settings_;
    ChatNumbers numbers_;
    SendNumbers send_numbers_;
};

}  // namespace chat
