#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "irc_line.hpp"
#include "send/limiter.hpp"

namespace chat {

/// What one account is in channels, as far as Twitch has said so of late. Where it has not, the
/// account counts as ordinary: whoever writes too much is silenced, whoever waits too long is only
/// late. Decides only.
class Roles {
  public:
    /// `login` is the account's.
    explicit Roles(std::string login) : login_(std::move(login)) {}

    Standing in(std::string_view channel, coven::Instant now) const;
    /// The badges of the account in `channel`: they also say that it is nothing there any more.
    void learn(const std::string& channel, Standing standing, coven::Instant now);
    /// Channels that it moderates. Of others that says nothing: it may be VIP there.
    void learn_moderated(const std::vector<std::string>& channels, coven::Instant now);
    /// Whether to ask Twitch for the channels that it moderates, because of `channel`. Once it has
    /// said yes, it says no for a while, whatever the answer is.
    bool take_question(std::string_view channel, coven::Instant now);

  private:
    struct Role {
        Standing standing;
        coven::Instant until;
    };

    std::string login_;
    std::map<std::string, Role, std::less<>> known_;
    coven::Instant next_question_{};
};

/// What the badges of a line say: of its author, or with a USERSTATE of its reader.
Standing standing_in(const IrcLine& line);
/// The line is one of another channel that shares its chat with this one.
bool is_copy(const IrcLine& line);

}  // namespace chat
