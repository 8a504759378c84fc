#include "rate_bucket.hpp"

#include <algorithm>
#include <charconv>

namespace coven {

namespace {

constexpr Duration first_pause = std::chrono::seconds(1);
constexpr Duration longest_pause = std::chrono::seconds(30);
/// A bucket of 800 fills in a minute (https://dev.twitch.tv/docs/api/guide, read 2026-11-22). A
/// reset that is further away comes from clocks that do not agree.
constexpr auto furthest_reset = std::chrono::minutes(2);

std::optional<std::int64_t> number(const HttpResponse& answer, std::string_view name) {
    const auto text = answer.header(name);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value < 0) return std::nullopt;
    return value;
}

}  // namespace

RateReading RateReading::of(const HttpResponse& answer) {
    constexpr std::int64_t year_3000 = 32503680000;
    RateReading reading;
    reading.limit = number(answer, "ratelimit-limit");
    reading.remaining = number(answer, "ratelimit-remaining");
    const auto reset = number(answer, "ratelimit-reset");
    if (reset && *reset < year_3000) reading.reset = Time(std::chrono::seconds(*reset));
    return reading;
}

std::optional<Time> RateBucket::closed_until() const {
    if (!remaining_ || *remaining_ > 0) return std::nullopt;
    return reset_;
}

void RateBucket::called() {
    if (!remaining_) return;
    // Past the reset nobody knows how many there are until the next answer.
    if (*remaining_ == 0) {
        remaining_.reset();
    } else {
        --*remaining_;
    }
}

void RateBucket::answered(const RateReading& reading, Time now) {
    pause_ = Duration(0);
    if (!reading.remaining || !reading.reset) return;
    remaining_ = reading.remaining;
    reset_ = std::min(*reading.reset, now + furthest_reset);
}

void RateBucket::refused(std::optional<Time> reset, Time now) {
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    const auto usual = now + std::chrono::duration_cast<Time::duration>(pause_);
    // A reset that has passed is one of a clock that differs from ours.
    const bool is_ahead = reset && *reset > now;
    reset_ = is_ahead ? std::min<Time>(*reset, now + furthest_reset) : usual;
    remaining_ = 0;
}

}  // namespace coven
