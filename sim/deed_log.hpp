#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"

namespace coven::sim {

/// What an account did in a channel, or tried to: a message, a ban.
struct Deed {
    enum class Transport { irc, helix };

    Time time;
    std::string account;
    Transport transport = Transport::irc;
    std::string channel;
    /// "message", "announcement", "delete", "clear", "timeout", "ban", "unban" or "shoutout".
    std::string kind = "message";
    /// What was said; else whom or what it concerned.
    std::string text;
    /// "done", "silenced" (more than Twitch takes, and not a word about it), or what refused it:
    /// "msg_duplicate".
    std::string outcome = "done";
    /// Of the message that it became.
    std::string id = {};
    /// Whether the account is moderator, VIP or broadcaster there.
    bool is_privileged = false;
};

/// {"time_us":…,"account":"bot","transport":"irc","channel":"xqc","kind":"message","text":"hello",
/// "outcome":"done","id":"…","privileged":false}
boost::json::object to_json(const Deed& deed);

/// What accounts really did, so that tests can count: each attempt once, in order.
class DeedLog {
  public:
    /// Replaces the file, which has a line of JSON for each deed.
    Result<void> open(const std::string& path);
    void note(Deed deed);
    /// The last 10 000, oldest first.
    const std::deque<Deed>& last() const { return last_; }

  private:
    std::optional<std::ofstream> file_;
    std::deque<Deed> last_;
};

}  // namespace coven::sim
