#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>

#include "coven/backoff.hpp"
#include "coven/helix.hpp"
#include "rate_bucket.hpp"

namespace coven {

/// What is known of limits. Few entries: an account is one that somebody has logged in, an endpoint
/// is here only after a 429 of its own, until its next good answer.
struct Helix::Limits {
    std::map<std::string, RateBucket> accounts;
    std::map<std::string, RateBucket> endpoints;
    std::minstd_rand random{std::random_device{}()};
};

/// One call, until it is answered or given up.
class Helix::Run {
  public:
    Run(Helix& helix, HelixCall call);
    boost::asio::awaitable<HelixResult<JsonValue>> result();

  private:
    std::string account() const { return token_.client_id + " " + token_.user_id; }
    std::string endpoint() const { return account() + " " + name(); }
    /// Method and path. Example: "GET /helix/users".
    std::string name() const;
    std::optional<Time> closed_until() const;
    boost::asio::awaitable<bool> wait_for_room();
    boost::asio::awaitable<void> send();
    void note_answer();
    void note_limits(const RateReading& reading);

    bool wants_another_token() const;
    boost::asio::awaitable<bool> replace_token();
    bool wants_another_try() const;

    bool is_get() const { return call_.method == HttpRequest::Method::get; }
    HelixResult<JsonValue> outcome() const;
    HelixError limited() const;
    HelixError refused() const;
    HelixError broken() const;
    std::string answer_text() const;
    HelixError error(HelixError::Kind kind, const std::string& reason) const;

    Helix& helix_;
    const HelixCall call_;
    const std::string url_;
    AccessToken token_;
    bool has_replaced_ = false;
    /// How much longer it waits for room.
    Duration patience_;
    Backoff backoff_;
    int retries_ = 0;
    HttpResponse answer_;
    /// Why there is no answer.
    std::string lost_;
    /// Of a refusal; none = not Twitch's words.
    std::optional<std::string> said_;
};

}  // namespace coven
