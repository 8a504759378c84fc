#include "send_limits.hpp"

#include <algorithm>

namespace coven::sim {

bool SendLimits::counts(const std::string& account, Place place, Instant now) {
    auto& one = accounts_[account];
    if (now < one.silent_until) return false;
    while (!one.past.empty() && one.past.front() + rules_.per <= now) one.past.pop_front();
    const auto most = place == Place::privileged ? rules_.privileged : rules_.ordinary;
    if (one.past.size() >= most) {
        one.silent_until = now + rules_.silence;
        return false;
    }
    one.past.push_back(now);
    return true;
}

void SendLimits::silence(const std::string& account, Instant until) {
    accounts_[account].silent_until = until;
}

SendLimits::Said& SendLimits::said(const std::string& account, std::string_view channel) {
    auto& all = accounts_[account].said;
    const auto place = all.find(channel);
    return place != all.end() ? place->second : all[std::string(channel)];
}

bool SendLimits::is_repeated(Said& said, std::string_view text, Instant now) const {
    auto& texts = said.texts;
    while (!texts.empty() && texts.front().first + rules_.duplicate <= now) texts.pop_front();
    return std::ranges::any_of(texts, [text](const auto& entry) { return entry.second == text; });
}

}  // namespace coven::sim
