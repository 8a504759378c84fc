#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "irc_line.hpp"

namespace coven::sim {

/// Somebody who sits in rooms.
class Member {
  public:
    virtual ~Member() = default;

    virtual const std::string& login() const = 0;
    virtual const Capabilities& capabilities() const = 0;
    virtual void hear(const ServerLine& line) = 0;
    /// Parts from `room` as if it had asked to.
    virtual void leave(std::string_view room) = 0;
};

/// Who sits where. A room is there while somebody is in it; its name has no '#' and is compared
/// byte by byte, so that `Forsen` is another room than `forsen`: at Twitch, too, an upper-case JOIN
/// leads to an empty room (https://github.com/twitchdev/issues/issues/807, read 2026-11-22).
class Rooms {
  public:
    /// `member` must leave before it dies. False when it was there already.
    bool enter(const std::string& room, Member& member);
    /// False when it was not there.
    bool leave(std::string_view room, Member& member);
    /// How many heard `line`; `except` does not.
    std::size_t tell(std::string_view room, const ServerLine& line, const Member* except) const;
    /// Valid until somebody enters or leaves.
    const std::vector<Member*>& members(std::string_view room) const;
    /// Rooms with somebody in them.
    std::size_t size() const { return rooms_.size(); }
    /// Grows whenever a room appears or disappears.
    std::uint64_t changes() const { return changes_; }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };

    std::unordered_map<std::string, std::vector<Member*>, Hash, std::equal_to<>> rooms_;
    std::uint64_t changes_ = 0;
};

}  // namespace coven::sim
