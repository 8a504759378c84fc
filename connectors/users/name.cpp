#include "name.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "coven/token_store.hpp"

namespace users {

namespace {

constexpr std::size_t longest_id = 20;
constexpr std::size_t longest_login = 25;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
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
    // One letter too many is enough to be refused, and for the message.
    std::string login(text.substr(0, longest_login + 1));
    std::transform(login.begin(), login.end(), login.begin(), lower);
    if (const auto fault = coven::login_fault(login)) return *fault;
    return Name{Name::Kind::login, std::move(login)};
}

}  // namespace users
