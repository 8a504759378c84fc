#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "irc_line.hpp"

namespace chat {

/// The tags of a message that mean something to us.
enum class Tag : std::uint8_t {
    animation_id,
    badge_info,
    badges,
    bits,
    client_nonce,
    color,
    custom_reward_id,
    display_name,
    emote_only,
    emotes,
    first_msg,
    flags,
    gifs,
    id,
    mod,
    msg_id,
    reply_parent_display_name,
    reply_parent_msg_body,
    reply_parent_msg_id,
    reply_parent_user_id,
    reply_parent_user_login,
    reply_thread_parent_display_name,
    reply_thread_parent_msg_id,
    reply_thread_parent_user_id,
    reply_thread_parent_user_login,
    returning_chatter,
    room_id,
    source_badge_info,
    source_badges,
    source_id,
    source_only,
    source_room_id,
    subscriber,
    tmi_sent_ts,
    turbo,
    user_id,
    user_type,
    vip,
};
inline constexpr std::size_t tag_count = static_cast<std::size_t>(Tag::vip) + 1;

/// The tags of one line in their places, whatever their order was; of two with one name the last
/// one counts. Views the line. One object serves all lines.
class TagSheet {
  public:
    /// Replaces what is there.
    void read(const IrcTags& tags);

    bool has(Tag tag) const { return (present_ >> index(tag) & 1) != 0; }
    /// Whether any tag from `first` to `last` is there.
    bool has_any(Tag first, Tag last) const;
    /// As it stands on the wire; empty where there is none.
    IrcTag operator[](Tag tag) const { return {{}, values_[index(tag)], may_be_escaped_}; }
    bool is_one(Tag tag) const { return values_[index(tag)] == "1"; }
    const std::vector<IrcTag>& unknown() const { return unknown_; }

  private:
    static constexpr std::size_t index(Tag tag) { return static_cast<std::size_t>(tag); }

    std::array<std::string_view, tag_count> values_;
    /// One bit for each Tag.
    std::uint64_t present_ = 0;
    static_assert(tag_count <= 64);
    bool may_be_escaped_ = false;
    std::vector<IrcTag> unknown_;
};

}  // namespace chat
