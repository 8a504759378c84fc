#pragma once

#include <string>

#include "coven/connector.hpp"
#include "coven/http.hpp"
#include "token_numbers.hpp"

namespace token {

/// The one owner of every account's token: validates, refreshes and stores them, and says so.
class Token final : public coven::Connector {
  public:
    struct Settings {
        /// Of the token store.
        std::string folder;
        std::string id_url;
        std::string ca_file;
        std::string client_id;
        /// Sent only for tokens of `client_id`. Empty: a public application.
        coven::Secret client_secret;
        /// To be taken into the store at the start; empty: none.
        coven::Secret given;
    };

    static coven::Result<Settings> read_settings(const coven::Config& config);

    explicit Token(Settings settings) : settings_(std::move(settings)) {}

    boost::asio::awaitable<void> run(coven::Bus& bus) override;

  private:
    Settings settings_;
    TokenNumbers numbers_;
};

}  // namespace token
