#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "coven/clock.hpp"

namespace coven::sim {

/// How much an account may say, https://dev.twitch.tv/docs/chat/#rate-limits (read 2026-11-23).
struct SendRules {
    /// Messages in any `per`, over all channels and connections, IRC and Helix.
    std::size_t ordinary = 20;
    /// In a channel where the account is moderator, VIP or broadcaster; counted elsewhere, too.
    std::size_t privileged = 100;
    Duration per = std::chrono::seconds(30);
    /// Who says more is not heard for so long. Twitch: up to an hour.
    Duration silence = std::chrono::minutes(30);
    /// From one message in a channel to the next.
    Duration pause = std::chrono::seconds(1);
    /// The same text in the same channel.
    Duration duplicate = std::chrono::seconds(30);
};

/// Which accounts, by id, have said how much.
class SendLimits {
  public:
    explicit SendLimits(SendRules rules) : rules_(rules) {}

    enum class Place { ordinary, privileged };
    /// Counts one more message, sent or refused. False when the account is not heard: it was
    /// silenced, or is from now on.
    bool counts(const std::string& account, Place place, Instant now);
    /// The account is not heard until then.
    void silence(const std::string& account, Instant until);
    const SendRules& rules() const { return rules_; }

    /// What an account has said in a channel lately.
    struct Said {
        std::optional<Instant> last;
        std::deque<std::pair<Instant, std::string>> texts;
    };
    /// `channel` as the client wrote it.
    Said& said(const std::string& account, std::string_view channel);
    /// Whether `text` stands in `said` and is younger than `SendRules::duplicate`.
    bool is_repeated(Said& said, std::string_view text, Instant now) const;

  private:
    struct Account {
        std::deque<Instant> past;
        Instant silent_until;
        std::map<std::string, Said, std::less<>> said;
    };

    SendRules rules_;
    std::map<std::string, Account> accounts_;
};

}  // namespace coven::sim
