#include "journal/person.hpp"

#include <algorithm>
#include <array>

#include <string.h>

namespace coven::broker {

namespace {

constexpr std::array<std::string_view, 5> actors = {"user", "chatter_user", "moderator_user",
                                                    "from_user", "from_broadcaster_user"};
/// More than Twitch's have: ids are 32-bit numbers today, logins have up to 25 characters.
constexpr std::size_t max_id_bytes = 20;
constexpr std::size_t max_login_bytes = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_login_letter(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool names_actor(std::string_view field, std::string_view suffix) {
    if (!field.ends_with(suffix)) return false;
    field.remove_suffix(suffix.size());
    return std::find(actors.begin(), actors.end(), field) != actors.end();
}

}  // namespace

Result<Person> person_in(const v1::JournalPurgeRequest& request) {
    if (request.has_user_id()) {
        const auto& id = request.user_id();
        const bool right = !id.empty() && id.size() <= max_id_bytes;
        if (right && std::all_of(id.begin(), id.end(), is_digit)) {
            return Person{Person::By::id, id};
        }
        return Error("user_id is no number of Twitch: '" + id + "'");
    }
    if (!request.has_user_login()) return Error("no user is named: set user_id or user_login");
    auto login = request.user_login();
    std::transform(login.begin(), login.end(), login.begin(), lower);
    const bool right = !login.empty() && login.size() <= max_login_bytes;
    if (right && std::all_of(login.begin(), login.end(), is_login_letter)) {
        return Person{Person::By::login, std::move(login)};
    }
    return Error("user_login is no login of Twitch: '" + login + "'");
}

OwnEvents::OwnEvents(Person person, PayloadTexts& texts)
    : person_(std::move(person)), texts_(texts) {}

bool OwnEvents::may_be_in(std::string_view bytes) const {
    const auto& text = person_.text;
    return memmem(bytes.data(), bytes.size(), text.data(), text.size()) != nullptr;
}

OwnEvents::Answer OwnEvents::owns(std::string_view frame) {
    if (!may_be_in(frame)) return Answer::no;
    const std::string_view suffix = person_.by == Person::By::id ? "_id" : "_login";
    bool named = false;
    const bool readable = texts_.visit(frame, [&](std::string_view name, std::string_view text) {
        if (text == person_.text && names_actor(name, suffix)) named = true;
    });
    if (named) return Answer::yes;
    return readable ? Answer::no : Answer::unreadable;
}

}  // namespace coven::broker
