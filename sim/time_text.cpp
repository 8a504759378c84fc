#include "time_text.hpp"

#include <ctime>

namespace coven::sim {
namespace {

/// Without the "Z".
std::string whole_seconds(Time time) {
    const std::time_t plain =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&plain, &parts);
    std::string text(std::size_t{32}, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts));
    return text;
}

}  // namespace

std::string rfc3339(Time time) { return whole_seconds(time) + "Z"; }

std::string rfc3339_precise(Time time) {
    const auto rest = time - std::chrono::floor<std::chrono::seconds>(time);
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(rest).count();
    // The leading 1 keeps the zeros behind it.
    const auto digits = std::to_string(1'000'000'000 + nanoseconds).substr(1);
    return whole_seconds(time) + "." + digits + "Z";
}

}  // namespace coven::sim
