#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "coven/clock.hpp"

namespace coven::sim {

/// What an account is in a channel.
enum class Role { viewer, vip, moderator, broadcaster };

/// Who may speak in a channel, as ROOMSTATE says it.
struct RoomModes {
    bool emote_only = false;
    /// Minutes; below 0 = off.
    std::int64_t followers_only = -1;
    /// "r9k": no text twice.
    bool unique = false;
    /// Seconds; 0 = off.
    std::uint64_t slow = 0;
    bool subs_only = false;
};

/// What a channel thinks of accounts, by login.
struct RoomRules {
    using Logins = std::set<std::string, std::less<>>;

    RoomModes modes;
    Logins moderators;
    Logins vips;
    Logins subscribers;
    /// Since when.
    std::map<std::string, Instant, std::less<>> followers;
    /// Until when; nothing = for ever.
    std::map<std::string, std::optional<Instant>, std::less<>> bans;
    /// Channels of the same shared chat, without this one.
    std::vector<std::string> partners;
    /// Texts of the unique mode, while it is on.
    Logins texts;
    std::optional<Instant> last_announcement;
    std::optional<Instant> last_shoutout;
    /// By whom it was for.
    std::map<std::string, Instant, std::less<>> shoutouts;
};

/// The rules of each channel that has any: thousands without cost nothing.
class RoomBook {
  public:
    /// To be changed. Stays valid.
    RoomRules& of(std::string_view channel);
    /// Those of a channel without any are empty.
    const RoomRules& look(std::string_view channel) const;
    Role role(std::string_view channel, std::string_view login) const;
    /// Takes what `login` was in `channel`, and makes it this.
    void set_role(std::string_view channel, std::string_view login, Role role);
    /// Channels that `login` is moderator of, in their order.
    std::vector<std::string> moderated_by(std::string_view login) const;
    bool is_empty() const { return rules_.empty(); }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };

    std::unordered_map<std::string, RoomRules, Hash, std::equal_to<>> rules_;
};

/// Whether limits and modes of rooms are for others.
inline bool is_privileged(Role role) { return role != Role::viewer; }
/// Whether bans, deletions and such are theirs.
inline bool may_moderate(Role role) { return role == Role::moderator || role == Role::broadcaster; }

/// The time that is left of a ban; nothing when there is none, 0 when it is for ever.
std::optional<Duration> ban_left(const RoomRules& rules, std::string_view login, Instant now);

}  // namespace coven::sim
