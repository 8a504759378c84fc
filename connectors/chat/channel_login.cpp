#include "channel_login.hpp"

#include <algorithm>

#include "coven/lower_case.hpp"

namespace chat {

namespace {

constexpr std::size_t longest_login = 25;

bool is_login(std::string_view text) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && text.size() <= longest_login &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

}  // namespace

coven::Result<std::string> parse_channel_login(std::string_view text) {
    auto name = trimmed(text);
    if (name.starts_with('#')) name.remove_prefix(1);
    auto login = coven::lower_case(name);
    if (is_login(login)) return {boost::system::in_place_value, std::move(login)};
    return coven::Error("channel is not a Twitch login (1 to 25 of a-z, 0-9 and '_'): '" +
                        std::string(text) + "'");
}

coven::Result<std::vector<std::string>> parse_channel_logins(
    const std::vector<std::string>& texts) {
    std::vector<std::string> logins;
    std::string faults;
    for (const auto& text : texts) {
        auto login = parse_channel_login(text);
        if (!login) {
            faults += faults.empty() ? login.error().message : ", '" + text + "'";
            continue;
        }
        const bool known = std::find(logins.begin(), logins.end(), *login) != logins.end();
        if (!known) logins.push_back(std::move(*login));
    }
    if (!faults.empty()) return coven::Error(faults);
    return logins;
}

}  // namespace chat
