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

using Rosters = std::vector<const Roster*>;

/// Of the feeds that are logged in.
Rosters rosters_of(const std::vector<Feed::Status>& feeds) {
    Rosters rosters;
    for (const auto& feed : feeds) {
        if (feed.roster != nullptr) rosters.push_back(feed.roster);
    }
    return rosters;
}

/// "foo (suspended)", for each channel that was refused and is not heard.
std::vector<std::string> refused_names(const Rosters& rosters) {
    std::vector<std::string> names;
    for (const auto* roster : rosters) {
        for (const auto& [channel, room] : roster->rooms()) {
            const bool is_refused = !room.reason.empty() && room.state != Roster::State::joined;
            if (is_refused) names.push_back(channel + " (" + room.reason + ")");
        }
    }
    return names;
}

/// "; refused: foo (suspended), bar (banned) and 3 more", or nothing.
std::string refused_text(const Rosters& rosters) {
    const auto names = refused_names(rosters);
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most_names); ++i) {
        text += (i == 0 ? "; refused: " : ", ") + names[i];
    }
    if (names.size() > most_names) {
        text += " and " + std::to_string(names.size() - most_names) + " more";
    }
    return text;
}

/// ", 2 min 10 s left", until the last room is asked for.
std::string time_text(const Rosters& rosters, coven::Instant now) {
    coven::Duration longest{0};
    for (const auto* roster : rosters) longest = std::max(longest, roster->queue().time_left(now));
    const auto left = std::chrono::ceil<std::chrono::seconds>(longest);
    if (left <= std::chrono::seconds(0)) return {};
    const auto minutes = std::chrono::floor<std::chrono::minutes>(left);
    std::string text = ", ";
    if (minutes.count() > 0) text += std::to_string(minutes.count()) + " min ";
    return text + std::to_string((left - minutes).count()) + " s left";
}

std::string count_text(const Rosters& rosters) {
    std::size_t refused = 0;
    for (const auto* roster : rosters) refused += roster->count(Roster::State::refused);
    return refused == 0 ? "" : "; " + std::to_string(refused) + " refused";
}

/// What is wrong with one that has no connection; empty = all is well.
std::string trouble_of(const std::vector<Feed::Status>& feeds) {
    for (const auto& feed : feeds) {
        if (!feed.trouble.empty()) return feed.trouble;
    }
    return {};
}

bool is_settled(const std::vector<Feed::Status>& feeds) {
    return std::all_of(feeds.begin(), feeds.end(), [](const auto& feed) {
        return feed.roster != nullptr ? feed.roster->settled() : !feed.is_wanted;
    });
}

}  // namespace

PresenceText presence_text(const std::vector<Feed::Status>& feeds, const Coverage& coverage,
                           coven::Instant now) {
    if (coverage.heard() == coverage.channels()) return {Presence::STATE_READY, {}};
    const auto rosters = rosters_of(feeds);
    const auto trouble = trouble_of(feeds);
    if (rosters.empty() && trouble.empty()) return {Presence::STATE_STARTING, "connecting"};
    if (rosters.empty()) return {Presence::STATE_DEGRADED, trouble};
    const auto joined = joined_text(coverage);
    if (!is_settled(feeds)) {
        const bool is_worse = coverage.lost_any() || !trouble.empty();
        const auto state = is_worse ? Presence::STATE_DEGRADED : Presence::STATE_STARTING;
        const auto why = trouble.empty() ? "" : "; " + trouble;
        return {state, joined + time_text(rosters, now) + count_text(rosters) + why};
    }
    // A channel that Twitch refuses, perhaps for ever, is named; it must not hide the day on which
    // something is wrong with us.
    const auto state = coverage.heard() > 0 ? Presence::STATE_READY : Presence::STATE_DEGRADED;
    return {state, joined + refused_text(rosters)};
}

}  // namespace chat
