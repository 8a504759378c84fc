#include "users.hpp"

namespace coven::sim {

User& Users::meet(std::string_view login) {
    const auto known = by_login_.find(login);
    return known != by_login_.end() ? *known->second : meet(plain_person(login));
}

User& Users::meet(const Person& person) {
    const auto known = by_login_.find(person.login);
    if (known != by_login_.end()) return *known->second;
    auto& user = by_id_[person.id];
    // Two logins with one id would be two names of one user: the first one stays.
    if (!user.login.empty()) return user;
    user.id = person.id;
    user.login = person.login;
    user.display_name = person.display_name;
    by_login_.emplace(person.login, &user);
    return user;
}

const User* Users::with_id(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
}

const User* Users::with_login(std::string_view login) const {
    const auto found = by_login_.find(login);
    return found == by_login_.end() ? nullptr : found->second;
}

Person Users::person(std::string_view login) const {
    auto person = plain_person(login);
    if (const auto* user = with_login(login)) {
        person.id = user->id;
        person.display_name = user->display_name;
    }
    return person;
}

bool Users::rename(std::string_view from, std::string_view to) {
    const auto place = by_login_.find(from);
    if (place == by_login_.end() || by_login_.contains(to)) return false;
    auto* const user = place->second;
    by_login_.erase(place);
    by_login_.emplace(to, user);
    user->login = to;
    user->display_name = to;
    return true;
}

}  // namespace coven::sim
