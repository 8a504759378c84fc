#include "send/past.hpp"

#include <algorithm>
#include <map>

namespace chat {

namespace {

/// What an instance that was killed may have had under way without a word about it on the bus.
constexpr std::size_t most_untold = 4;

coven::Time later(coven::Time time, coven::Duration pause) {
    return time + std::chrono::duration_cast<coven::Time::duration>(pause);
}

}  // namespace

Inheritance inherit(const SendPast& past, coven::Time now, coven::Duration answer_limit) {
    const bool alone = past.company == SendPast::Company::none;
    // Others may write from another machine, whose diary is not ours.
    if (!past.history && (!past.diary || !alone)) {
        return {true, {}, "neither the broker nor this machine knows what was sent"};
    }
    // A line that is in both was written at the same moment in both.
    std::map<coven::Time, coven::Time> counted;
    for (const auto& written : past.diary.value_or(std::vector<coven::Time>())) {
        counted[written] = std::min(now, later(written, answer_limit));
    }
    for (const auto& line : past.history.value_or(std::vector<SendPast::Line>())) {
        counted[line.written] = std::min(now, line.settled);
    }
    Inheritance inheritance;
    for (const auto& [written, at] : counted) inheritance.counted.push_back(at);
    const bool all_noted = past.diary && alone;
    if (!all_noted) inheritance.counted.insert(inheritance.counted.end(), most_untold, now);
    inheritance.evidence = past.history ? "history" : "diary";
    if (past.history && past.diary) inheritance.evidence = "history and diary";
    return inheritance;
}

}  // namespace chat
