#include "presence_text.hpp"

#include <algorithm>

namespace chat {

namespace {

using coven::v1::Presence;

/// A line for people names so many refused channels at most.
constexpr std::size_t most_names = 5;

std::string joined_text(const Coverage& coverage) {
    return "joined " + std::to_string(coverage.heard()) + " of " +
           std::to_string(coverage.channels()) + " channels";
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

/// ", 2 min 10 s left", until the last room is asked for.
std::string time_text(const Roster& roster, coven::Instant now) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(roster.time_left(now));
    if (left <= std::chrono::seconds(0)) return {};
    const auto minutes = std::chrono::floor<std::chrono::minutes>(left);
    std::string text = ", ";
    if (minutes.count() > 0) text += std::to_string(minutes.count()) + " min ";
    return text + std::to_string((left - minutes).count()) + " s left";
}

std::string count_text(const Roster& roster) {
    const auto refused = roster.count(Roster::State::refused);
    return refused == 0 ? "" : "; " + std::to_string(refused) + " refused";
}

/// A channel was heard and is not any more.
bool lost_any(const Roster& roster, const Coverage& coverage) {
    return std::any_of(roster.rooms().begin(), roster.rooms().end(), [&coverage](const auto& room) {
        return coverage.was_heard(room.first) && !coverage.hears(room.first);
    });
}

}  // namespace

PresenceText presence_text(const Feed::Status& status, const Coverage& coverage,
                           coven::Instant now) {
    if (coverage.heard() == coverage.channels()) return {Presence::STATE_READY, {}};
    if (!status.trouble.empty()) return {Presence::STATE_DEGRADED, status.trouble};
    if (status.roster == nullptr) return {Presence::STATE_STARTING, "connecting"};
    const auto& roster = *status.roster;
    if (!roster.settled()) {
        const auto state =
            lost_any(roster, coverage) ? Presence::STATE_DEGRADED : Presence::STATE_STARTING;
        return {state, joined_text(coverage) + time_text(roster, now) + count_text(roster)};
    }
    // A channel that Twitch refuses, perhaps for ever, is named; it must not hide the day on which
    // something is wrong with us.
    const auto state = coverage.heard() > 0 ? Presence::STATE_READY : Presence::STATE_DEGRADED;
    return {state, joined_text(coverage) + refused_text(roster)};
}

}  // namespace chat
