#pragma once

#include <cstdint>
#include <optional>

#include "coven/clock.hpp"
#include "coven/http.hpp"

namespace coven {

/// What an answer says of a rate limit; on some refusals it says nothing.
struct RateReading {
    static RateReading of(const HttpResponse& answer);

    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> remaining;
    /// When the bucket is full again, by Twitch's clock.
    std::optional<Time> reset;
};

/// When the next call may go, judged by the answers to the calls before: the bucket of an account,
/// or an endpoint's own limit. Pure.
class RateBucket {
  public:
    /// Nothing may go before that; none = there is room.
    std::optional<Time> closed_until() const;
    /// A call goes, and takes a point.
    void called();
    /// An answer that was no 429.
    void answered(const RateReading& reading, Time now);
    /// A 429. Without a time to go by the pauses grow from 1 s to 30 s.
    void refused(std::optional<Time> reset, Time now);

  private:
    std::optional<std::int64_t> remaining_;
    Time reset_{};
    Duration pause_{0};
};

}  // namespace coven
