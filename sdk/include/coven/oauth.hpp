#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/http.hpp"
#include "coven/json_value.hpp"
#include "coven/result.hpp"
#include "coven/secret.hpp"

namespace coven {

/// Why id.twitch.tv did not give what it was asked for. The message says what to do.
struct OauthError : Error {
    enum class Kind {
        /// Twitch does not take the token or the code: only a person can help, by logging in.
        refused,
        /// Twitch does not take the application: its id, its secret or the scopes that it asks for.
        misconfigured,
        /// No answer, 429, 5xx, or an answer that is not Twitch's. Says nothing about the token.
        unreachable,
        /// Of `poll_device`: not approved yet.
        pending,
        /// Of `poll_device`: the same, and to be asked 5 s less often.
        slow_down,
    };

    Kind kind = Kind::unreachable;
    /// 0 = no answer.
    int status = 0;
    /// As Twitch worded it, fit for a terminal; may be empty.
    std::string twitch_message;
};

template <class T>
using OauthResult = boost::system::result<T, OauthError>;

/// What a token is good for.
struct Validation {
    std::string client_id;
    /// Both empty: an app token, which belongs to no account.
    std::string login;
    std::string user_id;
    std::vector<std::string> scopes;
    /// 0 = does not expire (old applications).
    std::chrono::seconds expires_in{0};
};

struct TokenPair {
    Secret access;
    /// Empty = none was given.
    Secret refresh;
    std::chrono::seconds expires_in{0};
    std::vector<std::string> scopes;
};

/// What a person is shown, and what is asked for afterwards.
struct DeviceCode {
    Secret device_code;
    std::string user_code;
    /// With the code in it.
    std::string verification_uri;
    std::chrono::seconds expires_in{0};
    /// Pause between polls.
    std::chrono::seconds interval{0};
};

/// Twitch's token server. Each call is one request; nothing is tried again, as only its caller
/// knows whether that is safe. Not thread-safe.
class Oauth {
  public:
    /// `id_url` is `twitch.id_url`, e.g. "https://id.twitch.tv/oauth2". `http` must outlive it, and
    /// it its calls.
    Oauth(HttpClient& http, std::string id_url);

    boost::asio::awaitable<OauthResult<Validation>> validate(Secret token);
    /// The refresh token is spent when Twitch has answered, and may be when it has not: for public
    /// clients it is good for one use. An empty secret is not sent.
    boost::asio::awaitable<OauthResult<TokenPair>> refresh(Secret refresh_token,
                                                           std::string client_id,
                                                           Secret client_secret);
    boost::asio::awaitable<OauthResult<DeviceCode>> start_device(std::string client_id,
                                                                 std::vector<std::string> scopes);
    /// `client_id` and `scopes` as in `start_device`.
    boost::asio::awaitable<OauthResult<TokenPair>> poll_device(
        DeviceCode device, std::string client_id, const std::vector<std::string>& scopes);
    boost::asio::awaitable<OauthResult<void>> revoke(Secret token, std::string client_id);

  private:
    struct Call;
    boost::asio::awaitable<OauthResult<HttpResponse>> ask(Call call);
    boost::asio::awaitable<OauthResult<JsonValue>> ask_for_json(Call call);
    boost::asio::awaitable<OauthResult<TokenPair>> ask_for_tokens(Call call);
    Call post(std::string what, const std::string& path, std::vector<HttpField> form,
              std::vector<HttpSecretField> secret_form) const;

    HttpClient& http_;
    const std::string id_url_;
};

}  // namespace coven
