#include "journal/person.hpp"

#include <algorithm>
#include <array>

#include <string.h>

#include "coven/in_quotes.hpp"
#include "coven/lower_case.hpp"
#include "coven/token_store.hpp"

namespace coven::broker {

namespace {

constexpr std::array<std::string_view, 5> actors = {"user", "chatter_user", "moderator_user",
                                                    "from_user", "from_broadcaster_user"};
/// More than Twitch's have, which are 32-bit numbers today.
constexpr std::size_t max_id_bytes = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

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
        return Error("user_id is no number of Twitch: " + in_quotes(id));
    }
    if (!request.has_user_login()) return Error("no user is named: set user_id or user_login");
    auto login = lower_case(request.user_login());
    if (const auto fault = login_fault(login)) return Error("user_login is " + fault->message);
    return Person{Person::By::login, std::move(login)};
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
