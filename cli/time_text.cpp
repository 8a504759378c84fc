#include "time_text.hpp"

#include <ctime>

#include <fmt/format.h>

namespace coven::cli {

namespace {

/// 9999-12-31T23:59:59.999999Z; the last year of RFC 3339.
constexpr std::uint64_t last_time_us = 253402300799999999;

bool is_known(std::uint64_t time_us) { return time_us != 0 && time_us <= last_time_us; }

}  // namespace

std::string utc_text(std::uint64_t time_us) {
    if (!is_known(time_us)) return {};
    const auto seconds = static_cast<std::time_t>(time_us / 1000000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       time_us % 1000000);
}

std::string local_text(std::uint64_t time_us) {
    if (!is_known(time_us)) return "--:--:--";
    const auto seconds = static_cast<std::time_t>(time_us / 1000000);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string span_text(std::chrono::milliseconds span) {
    const auto milliseconds = span.count();
    if (milliseconds < 10000)
        return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
    const auto seconds = milliseconds / 1000;
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace coven::cli
