#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "attendance.hpp"
#include "coven/clock.hpp"
#include "deed_log.hpp"
#include "recent_messages.hpp"
#include "refusals.hpp"
#include "room.hpp"
#include "room_book.hpp"
#include "send_limits.hpp"
#include "users.hpp"

namespace coven::sim {

class Accounts;

/// What becomes of logins with a token that nobody has issued.
enum class Strangers { refused, welcome };

/// How this Twitch treats its clients.
struct ChatRules {
    Strangers strangers = Strangers::welcome;
    /// Channels whose JOIN is answered with a notice.
    std::set<std::string, std::less<>> suspended;
    /// Channels whose JOIN is not answered at all.
    std::set<std::string, std::less<>> unknown;
    /// Joins that one account has in `joins_per`, each channel of a list counting; who wants more
    /// is disconnected. Twitch: 20 per 10 s, https://dev.twitch.tv/docs/chat/#rate-limits (read
    /// 2026-11-22).
    std::size_t joins = 20;
    Duration joins_per = std::chrono::seconds(10);
    /// Logins of one account; who tries more is hung up on. Twitch: 20 per 10 s.
    std::size_t logins = 20;
    Duration logins_per = std::chrono::seconds(10);
    /// Channels that an account may sit in, over all its connections, its own and those that it
    /// moderates aside; other joins are not answered. Twitch: 100. Anonymous readers have no cap.
    std::size_t rooms = 100;
    SendRules sends;
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
    /// Told of each line of chat, and by how many it was heard.
    using Told = std::function<void(std::string_view line, std::size_t heard)>;

    Chat(ChatRules given, Clock& clock_of_all)
        : rules(std::move(given)),
          clock(clock_of_all),
          joins(rules.joins, rules.joins_per),
          logins(rules.logins, rules.logins_per),
          limits(rules.sends),
          random(rules.seed) {
        for (const auto& login : rules.suspended) users.meet(login).is_suspended = true;
    }

    ChatRules rules;
    Clock& clock;
    Rooms rooms;
    /// Who has logged in, has a channel that was joined, or was met elsewhere.
    Users users;
    RateLimit joins;
    RateLimit logins;
    SendLimits limits;
    RoomBook book;
    RecentMessages recent;
    DeedLog deeds;
    Refusals refusals;
    Attendance attendance;
    std::mt19937_64 random;
    /// Who knows the tokens; nullptr = nobody does.
    const Accounts* accounts = nullptr;
    Told told;
    /// So many logins, whosever, are refused with this notice.
    std::uint64_t logins_to_refuse = 0;
    std::string login_refusal;

    /// `login` as the tags of a message in `channel` show it, with the badges of its role.
    Person person_in(std::string_view channel, std::string_view login) const;
    /// A line of chat to all in the channel that it names, but not to `except`. How many heard it.
    std::size_t tell(const ServerLine& line, const Member* except);
    /// The same with a message, and with its copies for the channels of a shared chat. Fills in
    /// what is empty of `id` and `sent`.
    std::size_t say(ChatMessage& message, const Member* except);

  private:
    std::size_t say_here(const ChatMessage& message, const Member* except);
    std::size_t say_everywhere(const ChatMessage& message, const std::vector<std::string>& partners,
                               const Member* except);

    /// Reused for each message.
    std::string line_;
};

/// 1 to 25 of a-z, 0-9 and '_': the name of an account and of its channel.
bool is_login(std::string_view text);

/// "justinfan" and digits: reads without an account.
bool is_anonymous(std::string_view login);

}  // namespace coven::sim
