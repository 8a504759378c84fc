#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "coven/clock.hpp"
#include "coven/secret.hpp"
#include "room.hpp"
#include "users.hpp"

namespace coven::sim {

/// How this Twitch treats its clients.
struct ChatRules {
    /// Login → token, without "oauth:". Empty: every login with any token is let in.
    std::map<std::string, Secret, std::less<>> tokens;
    /// Channels whose JOIN is answered with a notice.
    std::set<std::string, std::less<>> suspended;
    /// Channels whose JOIN is not answered at all.
    std::set<std::string, std::less<>> unknown;
    /// Joins that one account has in `joins_per`, each channel of a list counting; who wants more
    /// is disconnected. Twitch: 20 per 10 s, https://dev.twitch.tv/docs/chat/#rate-limits (read
    /// 2026-11-22).
    std::size_t joins = 20;
    Duration joins_per = std::chrono::seconds(10);
    std::uint64_t seed = 1;
};

/// "at most `most` in any `per`", for many accounts.
class RateLimit {
  public:
    RateLimit(std::size_t most, Duration per) : most_(most), per_(per) {}

    /// Counts one more for `account`. False when that is one too many.
    bool allows(const std::string& account, Instant now);

  private:
    std::size_t most_;
    Duration per_;
    std::map<std::string, std::deque<Instant>> past_;
};

/// Twitch's chat apart from its connections: what all sessions share.
struct Chat {
    Chat(ChatRules given, Clock& clock_of_all)
        : rules(std::move(given)),
          clock(clock_of_all),
          joins(rules.joins, rules.joins_per),
          random(rules.seed) {
        for (const auto& login : rules.suspended) users.meet(login).is_suspended = true;
    }

    ChatRules rules;
    Clock& clock;
    Rooms rooms;
    /// Who has logged in, has a channel that was joined, or was met elsewhere.
    Users users;
    RateLimit joins;
    std::mt19937_64 random;
    /// So many logins, whosever, are refused with this notice.
    std::uint64_t logins_to_refuse = 0;
    std::string login_refusal;
};

std::string lower_case(std::string_view text);

/// 1 to 25 of a-z, 0-9 and '_': the name of an account and of its channel.
bool is_login(std::string_view text);

/// "justinfan" and digits: reads without an account.
bool is_anonymous(std::string_view login);

/// What a client gives at its login: `password` as it stood in PASS, `nick` in lower case.
struct LoginAttempt {
    std::string password;
    std::string nick;
};

/// The notice that refuses `attempt`, or nullptr.
const char* login_fault(const LoginAttempt& attempt, const ChatRules& rules);

/// Whose session it is: the server trusts the token more than the nick.
std::string login_of(const LoginAttempt& attempt, const ChatRules& rules);

}  // namespace coven::sim
