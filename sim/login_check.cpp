#include "login_check.hpp"

#include <algorithm>

namespace coven::sim {
namespace {

constexpr std::string_view scheme = "oauth:";

// https://dev.twitch.tv/docs/chat/irc/#authenticating-with-the-twitch-irc-server (read 2026-11-23)
constexpr const char* wrong_nick = "Invalid NICK";
constexpr const char* malformed = "Improperly formatted auth";
constexpr const char* wrong_token = "Login authentication failed";

bool has(const Scopes& scopes, std::string_view scope) {
    return std::ranges::find(scopes, scope) != scopes.end();
}

Login login_with(const IssuedToken& token, const Users& users) {
    const auto* const user = users.with_id(token.user_id);
    // An app token belongs to nobody.
    if (user == nullptr || user->is_suspended) return {.fault = wrong_token};
    if (!has(token.scopes, "chat:read")) return {.fault = wrong_token};
    return {.login = user->login, .may_send = has(token.scopes, "chat:edit")};
}

}  // namespace

Login check_login(const LoginAttempt& attempt, const ChatRules& rules, const Accounts* accounts,
                  const Users& users) {
    if (!is_login(attempt.nick)) return {.fault = wrong_nick};
    if (is_anonymous(attempt.nick)) return {.login = attempt.nick};
    const bool has_scheme = attempt.password.starts_with(scheme);
    if (!has_scheme || attempt.password.size() == scheme.size()) return {.fault = malformed};
    const auto text = std::string_view(attempt.password).substr(scheme.size());
    const auto* const token = accounts == nullptr ? nullptr : accounts->find(text);
    if (token != nullptr) return login_with(*token, users);
    if (rules.strangers == Strangers::refused) return {.fault = wrong_token};
    return {.login = attempt.nick, .may_send = true};
}

}  // namespace coven::sim
