#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coven::sim {

/// Why a message is not sent: Twitch's word for it, and what people read.
struct Refusal {
    /// A msg-id of IRC: "msg_duplicate".
    std::string code;
    std::string text;
};

/// What Twitch says with `code` about `channel`; `seconds` where it tells how long.
/// https://dev.twitch.tv/docs/chat/irc/#notice (read 2026-11-23)
Refusal refusal(std::string_view code, std::string_view channel, std::int64_t seconds);

/// Refusals on demand: of whatever is sent to a channel, or by an account.
class Refusals {
  public:
    /// The next `count` messages to "#channel", or of a login, are refused with `code`; 0 = no
    /// more.
    void refuse(std::string_view whose, std::uint64_t count, std::string code);
    /// Takes one of those that `login` would meet in `channel`: its code.
    std::optional<std::string> take(std::string_view channel, std::string_view login);

  private:
    struct Planned {
        std::uint64_t count = 0;
        std::string code;
    };
    std::optional<std::string> take(const std::string& whose);

    std::map<std::string, Planned, std::less<>> planned_;
};

}  // namespace coven::sim
