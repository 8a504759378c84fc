#include "chat.hpp"

#include <algorithm>
#include <cctype>

namespace coven::sim {
namespace {

constexpr std::string_view scheme = "oauth:";
constexpr std::size_t longest_login = 25;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The account that `password` belongs to, or the end.
auto owner(std::string_view password, const ChatRules& rules) {
    const auto token = password.substr(std::min(scheme.size(), password.size()));
    return std::ranges::find_if(rules.tokens,
                                [&](const auto& entry) { return entry.second.reveal() == token; });
}

}  // namespace

bool RateLimit::allows(const std::string& account, Instant now) {
    auto& past = past_[account];
    while (!past.empty() && past.front() + per_ <= now) past.pop_front();
    if (past.size() >= most_) return false;
    past.push_back(now);
    return true;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

bool is_login(std::string_view text) {
    const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; };
    return !text.empty() && text.size() <= longest_login && std::ranges::all_of(text, is_part);
}

bool is_anonymous(std::string_view login) {
    constexpr std::string_view prefix = "justinfan";
    return login.starts_with(prefix) && login.size() > prefix.size() &&
           std::ranges::all_of(login.substr(prefix.size()), is_digit);
}

const char* login_fault(const LoginAttempt& attempt, const ChatRules& rules) {
    if (!is_login(attempt.nick)) return "Invalid NICK";
    if (is_anonymous(attempt.nick)) return nullptr;
    if (!attempt.password.starts_with(scheme)) return "Improperly formatted auth";
    if (attempt.password.size() == scheme.size()) return "Improperly formatted auth";
    if (rules.tokens.empty()) return nullptr;
    return owner(attempt.password, rules) == rules.tokens.end() ? "Login authentication failed"
                                                                : nullptr;
}

std::string login_of(const LoginAttempt& attempt, const ChatRules& rules) {
    if (is_anonymous(attempt.nick) || rules.tokens.empty()) return attempt.nick;
    const auto found = owner(attempt.password, rules);
    return found == rules.tokens.end() ? attempt.nick : found->first;
}

}  // namespace coven::sim
