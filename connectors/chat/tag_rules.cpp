#include "tag_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "coven/utf8.hpp"

namespace chat {

namespace {

using twitch::v1::Badge;
using twitch::v1::ChatMessage;
using twitch::v1::Reply;
using twitch::v1::SharedChat;
using Badges = google::protobuf::RepeatedPtrField<Badge>;

/// 0 when `text` is anything but a number that fits.
std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc() && stopped == end ? number : 0;
}

/// "subscriber/12,predictions/blue-1,partner".
void read_badges(Badges& badges, const IrcTag& tag, TagSheet& sheet) {
    badges.Clear();
    auto rest = unescape(tag, sheet.scratch);
    while (!rest.empty()) {
        const auto piece = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
        const auto set = piece.substr(0, piece.find('/'));
        if (set.empty()) continue;
        auto& badge = *badges.Add();
        sheet.assign(*badge.mutable_set(), set);
        sheet.assign(*badge.mutable_version(),
                     piece.substr(std::min(set.size() + 1, piece.size())));
    }
}

template <std::string* (ChatMessage::*field)()>
void text(TagSheet& sheet, const IrcTag& tag) {
    sheet.assign(*(sheet.message.*field)(), tag);
}

template <std::string* (Reply::*field)()>
void reply_text(TagSheet& sheet, const IrcTag& tag) {
    sheet.assign(*(sheet.message.mutable_reply()->*field)(), tag);
}

template <std::string* (SharedChat::*field)()>
void shared_text(TagSheet& sheet, const IrcTag& tag) {
    sheet.assign(*(sheet.message.mutable_shared_chat()->*field)(), tag);
}

template <void (ChatMessage::*set)(bool)>
void flag(TagSheet& sheet, const IrcTag& tag) {
    (sheet.message.*set)(tag.value == "1");
}

template <Badges* (ChatMessage::*field)()>
void badges(TagSheet& sheet, const IrcTag& tag) {
    read_badges(*(sheet.message.*field)(), tag, sheet);
}

template <Badges* (SharedChat::*field)()>
void shared_badges(TagSheet& sheet, const IrcTag& tag) {
    read_badges(*(sheet.message.mutable_shared_chat()->*field)(), tag, sheet);
}

void display_name(TagSheet& sheet, const IrcTag& tag) {
    auto name = unescape(tag, sheet.scratch);
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    name = name.substr(0, name.find_last_not_of(' ') + 1);
    sheet.assign(*sheet.message.mutable_display_name(), name);
}

void source_only(TagSheet& sheet, const IrcTag& tag) {
    sheet.message.mutable_shared_chat()->set_source_only(tag.value == "1");
}

void bits(TagSheet& sheet, const IrcTag& tag) { sheet.message.set_bits(number_of(tag.value)); }

void sent(TagSheet& sheet, const IrcTag& tag) {
    const auto milliseconds = number_of(tag.value);
    sheet.message.set_sent_us(milliseconds <= UINT64_MAX / 1000 ? milliseconds * 1000 : 0);
}

void emotes(TagSheet& sheet, const IrcTag& tag) { sheet.emotes = tag; }
void gifs(TagSheet& sheet, const IrcTag& tag) { sheet.gifs = tag; }

struct Rule {
    std::string_view name;
    void (*take)(TagSheet&, const IrcTag&) = nullptr;
};

/// A new tag is a new line here.
constexpr Rule rules[] = {
    {"animation-id", text<&ChatMessage::mutable_animation_id>},
    {"badge-info", badges<&ChatMessage::mutable_badge_info>},
    {"badges", badges<&ChatMessage::mutable_badges>},
    {"bits", bits},
    {"client-nonce", text<&ChatMessage::mutable_client_nonce>},
    {"color", text<&ChatMessage::mutable_color>},
    {"custom-reward-id", text<&ChatMessage::mutable_custom_reward_id>},
    {"display-name", display_name},
    {"emote-only", flag<&ChatMessage::set_emote_only>},
    {"emotes", emotes},
    {"first-msg", flag<&ChatMessage::set_first_message>},
    {"flags", text<&ChatMessage::mutable_automod_flags>},
    // Twitch's documents say `gif`, its frames `gifs` (seen 2026-07).
    {"gif", gifs},
    {"gifs", gifs},
    {"id", text<&ChatMessage::mutable_id>},
    {"mod", flag<&ChatMessage::set_moderator>},
    {"msg-id", text<&ChatMessage::mutable_msg_id>},
    {"reply-parent-display-name", reply_text<&Reply::mutable_parent_display_name>},
    {"reply-parent-msg-body", reply_text<&Reply::mutable_parent_text>},
    {"reply-parent-msg-id", reply_text<&Reply::mutable_parent_message_id>},
    {"reply-parent-user-id", reply_text<&Reply::mutable_parent_user_id>},
    {"reply-parent-user-login", reply_text<&Reply::mutable_parent_user_login>},
    {"reply-thread-parent-display-name", reply_text<&Reply::mutable_thread_display_name>},
    {"reply-thread-parent-msg-id", reply_text<&Reply::mutable_thread_message_id>},
    {"reply-thread-parent-user-id", reply_text<&Reply::mutable_thread_user_id>},
    {"reply-thread-parent-user-login", reply_text<&Reply::mutable_thread_user_login>},
    {"returning-chatter", flag<&ChatMessage::set_returning_chatter>},
    {"room-id", text<&ChatMessage::mutable_channel_id>},
    {"source-badge-info", shared_badges<&SharedChat::mutable_source_badge_info>},
    {"source-badges", shared_badges<&SharedChat::mutable_source_badges>},
    {"source-id", shared_text<&SharedChat::mutable_source_message_id>},
    {"source-only", source_only},
    {"source-room-id", shared_text<&SharedChat::mutable_source_channel_id>},
    {"subscriber", flag<&ChatMessage::set_subscriber>},
    {"tmi-sent-ts", sent},
    {"turbo", flag<&ChatMessage::set_turbo>},
    {"user-id", text<&ChatMessage::mutable_user_id>},
    {"user-type", text<&ChatMessage::mutable_user_type>},
    {"vip", flag<&ChatMessage::set_vip>},
};

constexpr std::size_t slots = 128;

/// A perfect hash of the names above; the factors were found by trying.
constexpr std::size_t slot_of(std::string_view name) {
    const std::size_t first = static_cast<unsigned char>(name.front());
    const std::size_t middle = static_cast<unsigned char>(name[name.size() / 2]);
    return (name.size() + 28 * first + 12 * middle) % slots;
}

consteval std::array<Rule, slots> make_table() {
    std::array<Rule, slots> table;
    for (const auto& rule : rules) {
        auto& slot = table[slot_of(rule.name)];
        if (slot.take != nullptr) throw "two tags share a slot: choose other factors in slot_of";
        slot = rule;
    }
    return table;
}

constexpr auto table = make_table();

void keep_unknown(const IrcTag& tag, TagSheet& sheet) {
    std::string name;
    sheet.assign(name, tag.name);
    sheet.assign((*sheet.message.mutable_other_tags())[name], tag);
}

/// How much of the start of `text` is ASCII, give or take seven bytes. Most lines are to their end.
std::size_t ascii_prefix(std::string_view text) {
    std::size_t size = 0;
    std::uint64_t eight = 0;
    for (; size + sizeof eight <= text.size(); size += sizeof eight) {
        std::memcpy(&eight, text.data() + size, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0) break;
    }
    return size;
}

}  // namespace

Utf8 check_utf8(std::string_view text) {
    const bool valid = coven::is_utf8(text.substr(ascii_prefix(text)));
    return valid ? Utf8::valid : Utf8::unchecked;
}

void assign_text(std::string& to, std::string_view from, Utf8 checked) {
    if (checked == Utf8::valid || coven::is_utf8(from)) {
        to.assign(from.data(), from.size());
    } else {
        to = coven::to_utf8(from);
    }
}

void take_tag(const IrcTag& tag, TagSheet& sheet) {
    const auto& rule = table[slot_of(tag.name)];
    if (rule.name != tag.name) return keep_unknown(tag, sheet);
    rule.take(sheet, tag);
}

}  // namespace chat
