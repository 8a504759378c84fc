#pragma once

#include <string_view>

#include "accounts.hpp"
#include "users.hpp"
#include "web_message.hpp"

namespace coven::sim {

/// id.twitch.tv: what it answers to a request, status and body as Twitch's documentation or, where
/// that is silent, other people's clients know them.
/// https://dev.twitch.tv/docs/authentication/ (read 2026-11-22)
class IdApi {
  public:
    static constexpr std::string_view path = "/oauth2";

    /// Both must outlive it.
    IdApi(Accounts& accounts, const Users& users) : accounts_(accounts), users_(users) {}

    /// `request.path` begins with `path`.
    WebAnswer answer(const WebRequest& request);

  private:
    WebAnswer validate(const WebRequest& request);
    WebAnswer authorize(const WebRequest& request);
    WebAnswer start_device(const WebRequest& request);
    WebAnswer issue_token(const WebRequest& request);
    WebAnswer revoke(const WebRequest& request);
    WebAnswer redeem_device(const Application& application, const WebFields& form);
    WebAnswer refresh(const Application& application, const WebFields& form);
    WebAnswer issue_to_application(const Application& application, const WebFields& form);

    Accounts& accounts_;
    const Users& users_;
};

/// What stands behind "OAuth" or "Bearer" in the request's Authorization; empty = nothing.
std::string_view token_in(const WebRequest& request);

/// id.twitch.tv's way to say no.
WebAnswer id_refusal(unsigned status, std::string_view message);

}  // namespace coven::sim
