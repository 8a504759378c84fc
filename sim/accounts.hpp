#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "coven/secret.hpp"
#include "users.hpp"

namespace coven::sim {

/// What somebody has registered at Twitch's developer console.
struct Application {
    std::string client_id;
    /// Empty = a public client, which cannot keep one.
    Secret secret = {};

    bool is_public() const { return secret.empty(); }
};

using Scopes = std::vector<std::string>;

/// What stands behind an access token.
struct IssuedToken {
    std::string client_id;
    /// Empty = an app token, nobody's.
    std::string user_id;
    Scopes scopes;
    /// Nothing = never, as those of some old clients.
    std::optional<Instant> ends_at;
};

/// What an application gets for a code or a refresh token.
struct IssuedPair {
    std::string access;
    /// Empty = there is none.
    std::string refresh;
    std::chrono::seconds expires_in{0};
    Scopes scopes;
};

struct StartedDevice {
    std::string device_code;
    std::string user_code;
    std::chrono::seconds expires_in{0};
    /// How often the application may ask.
    std::chrono::seconds interval{0};
};

/// Twitch's grants and tokens, apart from how one asks for them. Errors are in Twitch's words.
class Accounts {
  public:
    struct Options {
        /// At least one.
        std::vector<Application> applications = {
            {.client_id = "simpublic"},
            {.client_id = "simconfidential", .secret = Secret("simsecret")}};
        /// Of an access token of a user: observed 14124 to 14542 s.
        std::chrono::seconds token_life = std::chrono::hours(4);
        /// From the start of a device code to the moment a person approves it; nothing = never by
        /// itself.
        std::optional<std::chrono::milliseconds> approval = std::chrono::seconds(1);
        /// Logins of the persons who do, one after the other; at least one.
        std::vector<std::string> approvers = {"coven_bot"};
        /// Same seed, same codes and tokens.
        std::uint64_t seed = 1;
    };

    /// `users` and `clock` must outlive it.
    Accounts(Options options, Users& users, Clock& clock);

    /// nullptr = none has this id.
    const Application* application(std::string_view client_id) const;

    StartedDevice start_device(const Application& application, Scopes scopes);
    /// `scopes` are to be those that it was started with, in the same order. Fails with
    /// "authorization_pending", "invalid device code" or "invalid scopes".
    Result<IssuedPair> redeem_device(const Application& application, const std::string& device_code,
                                     const Scopes& scopes);
    /// Fails with "Invalid refresh token". The old one of a public client has been used up then.
    Result<IssuedPair> refresh(const Application& application, const std::string& refresh_token);
    /// What the implicit grant gives whoever approves next: no refresh token. Nothing when nobody
    /// approves by itself.
    std::optional<IssuedPair> issue_implicitly(const Application& application, Scopes scopes);
    /// An app token; it has no refresh token.
    IssuedPair issue_to_application(const Application& application);

    /// nullptr = it is wrong, expired or revoked. Valid until the next call.
    const IssuedToken* find(std::string_view token) const;
    std::chrono::seconds time_left(const IssuedToken& token) const;
    /// All that `user_id` has granted to an application; nothing = not even a login.
    std::optional<Scopes> granted(std::string_view client_id, std::string_view user_id) const;
    /// False when the token is not one of `application`.
    bool revoke(const Application& application, std::string_view token);

    // What a person, or a test, does.

    /// Approves what waits for `user_code`. False when nothing does.
    bool approve(std::string_view user_code, std::string_view login);
    /// A pair of `login` for the first application, out of nowhere.
    IssuedPair issue(std::string_view login, Scopes scopes);
    /// From now on `token` is an access token of `login` that does not expire.
    void import(std::string token, std::string_view login, Scopes scopes);
    /// Access tokens of `login` expire, refresh tokens stay; "all" = everybody's. How many.
    std::size_t expire(std::string_view login);
    /// All tokens of `login` die, and its refresh tokens; "all" = everybody's. How many.
    std::size_t revoke_all(std::string_view login);
    /// Codes that wait for a person.
    std::vector<std::string> waiting_user_codes() const;

  private:
    /// What a person has granted to an application.
    struct Grant {
        std::string client_id;
        std::string user_id;
        Scopes scopes;
        /// Oldest first.
        std::deque<std::string> access_tokens = {};
        /// Of the refresh token.
        std::optional<Instant> ends_at = {};
    };
    struct Device {
        std::string user_code;
        std::string client_id;
        Scopes scopes;
        Instant approved_at;
        Instant ends_at;
        /// Empty = whoever is next.
        std::string login;
    };

    /// Letters and digits.
    std::string random_text(std::size_t size);
    IssuedPair issue_for(Grant grant, std::string refresh_token);
    IssuedPair issue_access(const Grant& grant);
    std::string next_approver();
    void forget_what_has_ended();
    bool belongs_to(std::string_view user_id, std::string_view login) const;

    Options options_;
    Users& users_;
    Clock& clock_;
    std::mt19937_64 random_;
    std::size_t approvals_ = 0;
    std::map<std::string, Device> devices_;
    std::map<std::string, Grant> grants_;
    std::map<std::string, IssuedToken, std::less<>> tokens_;
};

}  // namespace coven::sim
