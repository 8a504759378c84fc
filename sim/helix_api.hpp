#pragma once

#include <cstdint>
#include <string_view>

#include "accounts.hpp"
#include "endpoint_call.hpp"
#include "helix_bucket.hpp"
#include "users.hpp"
#include "web_message.hpp"

namespace coven::sim {

/// api.twitch.tv/helix apart from its endpoints: who may call, how often, and what there is.
/// https://dev.twitch.tv/docs/api/guide/ (read 2026-11-22)
class HelixApi {
  public:
    static constexpr std::string_view path = "/helix";

    struct Options {
        /// Calls per minute of an application, or of one user of it. Twitch: 800.
        std::uint64_t points = 800;
    };

    /// All of them must outlive it.
    HelixApi(Options options, const Accounts& accounts, Users& users, Clock& clock)
        : accounts_(accounts), users_(users), clock_(clock), buckets_(options.points, clock) {}

    /// Where its users chat; must outlive it.
    void set_chat(Chat& chat) { chat_ = &chat; }
    /// Where its users are told what happens; must outlive it.
    void set_eventsub(eventsub::Server& eventsub) { eventsub_ = &eventsub; }
    /// `request.path` begins with `path`.
    WebAnswer answer(const WebRequest& request);

    /// How the next calls are told that they are too many.
    enum class Limit {
        /// The application's bucket is empty: Ratelimit-Remaining is 0.
        bucket,
        /// The endpoint has a limit of its own: Ratelimit-Remaining is above 0.
        endpoint,
        /// Without any Ratelimit header.
        bare,
    };
    /// The 429 that `request` would get.
    WebAnswer limited(const WebRequest& request, Limit limit);

  private:
    /// Whose bucket `request` draws on.
    std::string bucket_of(const WebRequest& request) const;

    const Accounts& accounts_;
    Users& users_;
    Clock& clock_;
    HelixBuckets buckets_;
    Chat* chat_ = nullptr;
    eventsub::Server* eventsub_ = nullptr;
};

}  // namespace coven::sim
