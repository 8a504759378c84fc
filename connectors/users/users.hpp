#pragma once

#include <memory>
#include <string>
#include <utility>

#include "coven/connector.hpp"
#include "lookups.hpp"
#include "user_cache.hpp"
#include "users_numbers.hpp"

namespace users {

/// The shared user list: id, login and display name for everybody on the bus.
class Users final : public coven::Connector {
  public:
    struct Settings {
        std::string folder;
        UserCache::Limits limits;
        std::string helix_url;
        std::string ca_file;
        std::string token_folder;
        /// Whose token is used; empty = the first that there is.
        std::string account;
    };
    /// Fails when a setting is wrong; names it.
    static coven::Result<Settings> read_settings(const coven::Config& config);

    explicit Users(Settings settings) : settings_(std::move(settings)) {}

    boost::asio::awaitable<void> run(coven::Bus& bus) override;

  private:
    Settings settings_;
    UsersNumbers numbers_;
};

}  // namespace users
