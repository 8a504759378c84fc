#include "presence_text.hpp"

namespace chat {

namespace {

using coven::v1::Presence;

/// A line for people names so many refused channels at most.
constexpr std::size_t most_names = 5;

std::string joined_text(const Coverage& coverage) {
    return std::to_string(coverage.heard()) + " of " + std::to_string(coverage.channels()) +
           " channels joined";
}

/// "; refused: foo (suspended), bar (banned) and 3 more", or nothing.
std::string refused_text(const Roster& roster) {
    std::string text;
    std::size_t named = 0;
    std::size_t more = 0;
    for (const auto& [channel, room] : roster.rooms()) {
        if (room.reason.empty() || room.state == Roster::State::joined) continue;
        if (named == most_names) {
            ++more;
            continue;
        }
        text += (named++ == 0 ? "; refused: " : ", ") + channel + " (" + room.reason + ")";
    }
    if (more > 0) text += " and " + std::to_string(more) + " more";
    return text;
}

std::string queue_text(const Roster& roster, coven::Instant now) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(roster.time_left(now));
    if (left <= std::chrono::seconds(0)) return {};
    return "; the last one is asked for in " + std::to_string(left.count()) + " s";
}

}  // namespace

PresenceText presence_text(const Feed::Status& status, const Coverage& coverage,
                           coven::Instant now) {
    if (coverage.heard() == coverage.channels()) return {Presence::STATE_READY, {}};
    if (!status.trouble.empty()) return {Presence::STATE_DEGRADED, status.trouble};
    if (status.roster == nullptr) return {Presence::STATE_STARTING, "connecting"};
    const auto state =
        status.roster->settled() ? Presence::STATE_DEGRADED : Presence::STATE_STARTING;
    return {state,
            joined_text(coverage) + refused_text(*status.roster) + queue_text(*status.roster, now)};
}

}  // namespace chat
