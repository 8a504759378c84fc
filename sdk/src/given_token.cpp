#include "coven/given_token.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace coven {

namespace {

/// Twitch's have 30 characters today; nothing promises that.
constexpr std::size_t longest_token = 512;
constexpr std::string_view in_address = "access_token=";

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view trimmed_view(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool begins_with(std::string_view text, std::string_view prefix) {
    const auto same = [](char one, char other) {
        return std::tolower(static_cast<unsigned char>(one)) == other;
    };
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [&](char lower, char given) { return same(given, lower); });
}

}  // namespace

Result<Secret> token_in(std::string_view text) {
    auto rest = trimmed_view(text);
    if (rest.empty()) return Error("there is no token: it is empty");
    if (const auto at = rest.find(in_address); at != std::string_view::npos) {
        rest.remove_prefix(at + in_address.size());
        rest = rest.substr(0, rest.find('&'));
    } else if (rest.find("error=") != std::string_view::npos) {
        return Error(
            "Twitch gave no token: the address says that it was not allowed; open the "
            "address of `coven login --paste` again and allow it");
    }
    for (const std::string_view prefix : {"oauth:", "oauth ", "bearer "}) {
        if (begins_with(rest, prefix)) rest = trimmed_view(rest.substr(prefix.size()));
    }
    const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; };
    if (rest.empty() || rest.size() > longest_token ||
        !std::all_of(rest.begin(), rest.end(), fits)) {
        return Error(
            "there is no token in it: give the token itself, perhaps with oauth: before "
            "it, or the whole address that begins with https://localhost/#access_token=");
    }
    return Secret(std::string(rest));
}

StoredToken token_to_store(TokenPair pair, const Validation& validation, Time now) {
    StoredToken token;
    token.login = validation.login;
    token.user_id = validation.user_id;
    token.client_id = validation.client_id;
    token.scopes = validation.scopes;
    token.access = std::move(pair.access);
    token.refresh = std::move(pair.refresh);
    token.obtained_at = now;
    const bool ends = validation.expires_in.count() != 0;
    token.expires_at = ends ? now + validation.expires_in : Time::max();
    token.validated_at = now;
    return token;
}

}  // namespace coven
