#pragma once

#include <string>

#include "coven/token_store.hpp"

namespace coven {

/// The `number`-th pair of an account, each newer than the one before.
inline StoredToken sample_token(const std::string& login, int number) {
    StoredToken token;
    token.login = login;
    token.user_id = "71092938";
    token.client_id = "some_client";
    token.scopes = {"chat:read", "user:read:chat"};
    token.access = Secret("access-" + std::to_string(number));
    token.refresh = Secret("refresh-" + std::to_string(number));
    token.obtained_at = Time(std::chrono::seconds(1'800'000'000 + number));
    token.expires_at = token.obtained_at + std::chrono::hours(4);
    return token;
}

}  // namespace coven
