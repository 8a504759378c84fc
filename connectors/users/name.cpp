#include "name.hpp"

#include <algorithm>
#include <cstddef>

namespace users {

namespace {

constexpr std::size_t longest_id = 20;
constexpr std::size_t longest_login = 25;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_of_login(char letter) {
    return (letter >= 'a' && letter <= 'z') || is_digit(letter) || letter == '_';
}

}  // namespace

coven::Result<Name> parse_id(std::string_view text) {
    if (text.empty()) return coven::Error("an id is empty");
    if (text.size() > longest_id || !std::all_of(text.begin(), text.end(), is_digit)) {
        return coven::Error("no id of a user: '" + std::string(text.substr(0, longest_id)) +
                            "'; ids are numbers of at most 20 digits");
    }
    return Name{Name::Kind::id, std::string(text)};
}

coven::Result<Name> parse_login(std::string_view text) {
    if (text.empty()) return coven::Error("a login is empty");
    std::string login(text.substr(0, longest_login + 1));
    std::transform(login.begin(), login.end(), login.begin(), lower);
    const bool good = std::all_of(login.begin(), login.end(), is_of_login);
    if (!good || login.size() > longest_login) {
        return coven::Error("no login: '" + login +
                            "'; logins are 1 to 25 letters a-z, digits and '_'");
    }
    return Name{Name::Kind::login, std::move(login)};
}

}  // namespace users
