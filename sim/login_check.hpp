#pragma once

#include <string>

#include "accounts.hpp"
#include "chat.hpp"

namespace coven::sim {

/// What a client gives at its login: `password` as it stood in PASS, `nick` in lower case.
struct LoginAttempt {
    std::string password;
    std::string nick;
};

/// Who has logged in, or why nobody has.
struct Login {
    /// The notice that refuses it; nullptr = it is let in.
    const char* fault = nullptr;
    /// Whose session it is: the server trusts the token more than the nick.
    std::string login = {};
    /// Anonymous readers and tokens without chat:edit cannot.
    bool may_send = false;
};

/// What Twitch says to `attempt`. `accounts` know the tokens; nullptr = only those of `rules`.
Login check_login(const LoginAttempt& attempt, const ChatRules& rules, const Accounts* accounts,
                  const Users& users);

}  // namespace coven::sim
