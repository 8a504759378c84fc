#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/http.hpp"
#include "coven/json_value.hpp"
#include "coven/result.hpp"
#include "coven/secret.hpp"

namespace coven {

/// What a call to Twitch's REST interface is made with.
struct AccessToken {
    Secret text;
    std::string client_id;
    /// Both empty: an app token, which belongs to no account.
    std::string user_id = {};
    std::string login = {};
    std::vector<std::string> scopes = {};
};

/// Where Helix gets its token: the store of tokens, or what a person typed.
class TokenSource {
  public:
    virtual ~TokenSource() = default;

    /// The newest. An Error says which account lacks one and what to do.
    virtual boost::asio::awaitable<Result<AccessToken>> token() = 0;
    /// Another one than `refused`, which Twitch did not take; waits for it to be refreshed.
    virtual boost::asio::awaitable<Result<AccessToken>> replace(AccessToken refused) = 0;
};

struct HelixCall {
    HttpRequest::Method method = HttpRequest::Method::get;
    /// Behind the base URL. Example: "/users".
    std::string path;
    std::vector<HttpField> query = {};
    /// The body; empty = none.
    std::string json = {};
    /// What it is about, for messages. Example: "user 'xqc'".
    std::string object = {};
    /// Replaces base URL and path: EventSub's subscriptions have an address of their own.
    std::string url = {};
};

/// Why a call has failed. The message names the call and its object, and says what to do.
struct HelixError : Error {
    enum class Kind {
        /// There is no token to call with.
        no_token,
        /// 401, also with another token.
        unauthorized,
        /// 401 for want of a scope, which no refresh cures.
        missing_scope,
        /// Any other 4xx.
        refused,
        /// 429, or no room, for longer than `longest_wait`.
        limited,
        /// No answer. What was not a GET may have been done.
        unreachable,
        /// 5xx. What was not a GET may have been done.
        unavailable,
        /// 2xx without the JSON that it must hold, or a redirect.
        malformed,
    };

    Kind kind = Kind::malformed;
    /// 0 = no answer.
    int status = 0;
    /// As Twitch worded it, fit for a terminal; may be empty.
    std::string twitch_message;
};

template <class T>
using HelixResult = boost::system::result<T, HelixError>;

/// Twitch's REST interface, https://dev.twitch.tv/docs/api/guide. A call
/// - waits when the rate limit of its account is used up (Ratelimit-* of the answers, 429), and
///   after a 429 of its endpoint alone, which holds up no other;
/// - gets another token after a 401, once;
/// - is tried again after a 5xx or when there was no answer, if it is a GET.
/// How many calls are in flight is up to the HttpClient. All waits go by the clock. Not
/// thread-safe.
class Helix {
  public:
    struct Options {
        /// `twitch.helix_url`, e.g. "https://api.twitch.tv/helix".
        std::string base_url;
        /// Of GETs, after a 5xx or no answer; with random pauses below 0.5 s, 1 s, 2 s … 30 s.
        int retries = 4;
        /// For the rate limit, over one call.
        std::chrono::milliseconds longest_wait{60000};
    };

    struct Numbers {
        /// Answers by the first digit of their status; [0] = there was none.
        std::array<std::uint64_t, 6> answers{};
        /// As the latest answer said.
        std::optional<std::int64_t> limit;
        std::optional<std::int64_t> remaining;
    };

    /// All must outlive the calls.
    Helix(HttpClient& http, Clock& clock, TokenSource& tokens, Options options);
    Helix(const Helix&) = delete;
    Helix& operator=(const Helix&) = delete;
    ~Helix();

    /// The body of a 2xx; null when it is empty.
    boost::asio::awaitable<HelixResult<JsonValue>> call(HelixCall call);
    /// The items in `data` of all pages of a GET, `most` of them at most. Also ends when Twitch
    /// repeats a cursor or sends one empty page after the other, which is logged.
    boost::asio::awaitable<HelixResult<std::vector<JsonValue>>> pages(HelixCall call,
                                                                      std::size_t most);

    const Numbers& numbers() const;

  private:
    class Run;
    struct Limits;

    HttpClient& http_;
    Clock& clock_;
    TokenSource& tokens_;
    const Options options_;
    Numbers numbers_;
    std::unique_ptr<Limits> limits_;
};

}  // namespace coven
