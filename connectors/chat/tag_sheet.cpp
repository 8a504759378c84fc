#include "tag_sheet.hpp"

namespace chat {

namespace {

struct Name {
    std::string_view text;
    Tag tag = Tag::id;
};

/// A new tag is a new line here, and one in `Tag`.
constexpr Name names[] = {
    {"animation-id", Tag::animation_id},
    {"badge-info", Tag::badge_info},
    {"badges", Tag::badges},
    {"bits", Tag::bits},
    {"client-nonce", Tag::client_nonce},
    {"color", Tag::color},
    {"custom-reward-id", Tag::custom_reward_id},
    {"display-name", Tag::display_name},
    {"emote-only", Tag::emote_only},
    {"emotes", Tag::emotes},
    {"first-msg", Tag::first_msg},
    {"flags", Tag::flags},
    // Twitch's documents say `gif`, its frames `gifs` (seen 2026-07).
    {"gif", Tag::gifs},
    {"gifs", Tag::gifs},
    {"id", Tag::id},
    {"mod", Tag::mod},
    {"msg-id", Tag::msg_id},
    {"reply-parent-display-name", Tag::reply_parent_display_name},
    {"reply-parent-msg-body", Tag::reply_parent_msg_body},
    {"reply-parent-msg-id", Tag::reply_parent_msg_id},
    {"reply-parent-user-id", Tag::reply_parent_user_id},
    {"reply-parent-user-login", Tag::reply_parent_user_login},
    {"reply-thread-parent-display-name", Tag::reply_thread_parent_display_name},
    {"reply-thread-parent-msg-id", Tag::reply_thread_parent_msg_id},
    {"reply-thread-parent-user-id", Tag::reply_thread_parent_user_id},
    {"reply-thread-parent-user-login", Tag::reply_thread_parent_user_login},
    {"returning-chatter", Tag::returning_chatter},
    {"room-id", Tag::room_id},
    {"source-badge-info", Tag::source_badge_info},
    {"source-badges", Tag::source_badges},
    {"source-id", Tag::source_id},
    {"source-only", Tag::source_only},
    {"source-room-id", Tag::source_room_id},
    {"subscriber", Tag::subscriber},
    {"tmi-sent-ts", Tag::tmi_sent_ts},
    {"turbo", Tag::turbo},
    {"user-id", Tag::user_id},
    {"user-type", Tag::user_type},
    {"vip", Tag::vip},
};

constexpr std::size_t slots = 128;

/// A perfect hash of the names above; the factors were found by trying.
constexpr std::size_t slot_of(std::string_view name) {
    const std::size_t first = static_cast<unsigned char>(name.front());
    const std::size_t middle = static_cast<unsigned char>(name[name.size() / 2]);
    return (name.size() + 28 * first + 12 * middle) % slots;
}

consteval std::array<Name, slots> make_table() {
    std::array<Name, slots> table;
    for (const auto& name : names) {
        auto& slot = table[slot_of(name.text)];
        if (!slot.text.empty()) throw "two tags share a slot: choose other factors in slot_of";
        slot = name;
    }
    return table;
}

constexpr auto table = make_table();

}  // namespace

void TagSheet::read(const IrcTags& tags) {
    values_.fill({});
    present_ = 0;
    may_be_escaped_ = false;
    unknown_.clear();
    for (const auto& tag : tags) {
        may_be_escaped_ = tag.may_be_escaped;
        const auto& name = table[slot_of(tag.name)];
        if (name.text != tag.name) {
            unknown_.push_back(tag);
            continue;
        }
        values_[index(name.tag)] = tag.value;
        present_ |= std::uint64_t{1} << index(name.tag);
    }
}

bool TagSheet::has_any(Tag first, Tag last) const {
    const auto up_to_last = (std::uint64_t{2} << index(last)) - 1;
    return ((present_ & up_to_last) >> index(first)) != 0;
}

}  // namespace chat
