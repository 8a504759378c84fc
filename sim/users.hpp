#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "chat_message.hpp"

namespace coven::sim {

/// An account as everybody sees it.
struct User {
    /// Always the same for the login that it was made with, the one that chat shows.
    std::string id;
    std::string login;
    std::string display_name;
    /// Nobody is told about it.
    bool is_suspended = false;
};

/// Everybody that this Twitch knows. Users are never removed, so references stay valid.
class Users {
  public:
    /// Makes the user when there is none of that login.
    User& meet(std::string_view login);
    User& meet(const Person& person);

    /// nullptr = nobody.
    const User* with_id(std::string_view id) const;
    const User* with_login(std::string_view login) const;
    /// As `login` appears in chat: a user who was renamed keeps the id.
    Person person(std::string_view login) const;
    /// The user keeps the id. False when nobody has `from`, or somebody has `to`.
    bool rename(std::string_view from, std::string_view to);
    std::size_t size() const { return by_id_.size(); }

  private:
    std::map<std::string, User, std::less<>> by_id_;
    std::map<std::string, User*, std::less<>> by_login_;
};

}  // namespace coven::sim
