#include "chat_message.hpp"

#include <algorithm>
#include <charconv>

#include "action.hpp"

namespace chat {

namespace {

using twitch::v1::Badge;
using twitch::v1::ChatMessage;
using twitch::v1::Reply;
using twitch::v1::SharedChat;

/// The login of the sender. Some feeds leave the nick empty and say only "!user@host".
std::string_view sender_of(const IrcLine& line) {
    if (const auto nick = line.nick(); !nick.empty()) return nick;
    auto rest = line.prefix();
    rest.remove_prefix(std::min(rest.find('!'), rest.size()));
    if (!rest.empty()) rest.remove_prefix(1);
    return rest.substr(0, rest.find('@'));
}

void assign_login(std::string& to, std::string_view from) {
    to.assign(from);
    for (auto& c : to) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// 0 when `text` is anything but a number that fits.
std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc() && stopped == end ? number : 0;
}

std::uint64_t microseconds_of(std::string_view milliseconds) {
    const auto number = number_of(milliseconds);
    return number <= UINT64_MAX / 1000 ? number * 1000 : 0;
}

coven::Result<void> check(const IrcLine& line) {
    if (line.command() != "PRIVMSG") return coven::Error("line is no PRIVMSG");
    const auto channel = line.parameter(0);
    if (channel.size() < 2 || channel.front() != '#') {
        return coven::Error("PRIVMSG names no channel");
    }
    if (line.parameters().size() < 2) return coven::Error("PRIVMSG has no text");
    return {};
}

}  // namespace

coven::Result<const ChatMessageWriter::Facts*> ChatMessageWriter::write(const IrcLine& line) {
    if (const auto checked = check(line); !checked) return checked.error();
    return &write_said(line);
}

const ChatMessageWriter::Facts& ChatMessageWriter::write_said(const IrcLine& line) {
    tags_.read(line.tags());
    clean_.begin(line.text());
    read_facts(line);
    out_.clear();
    write_sender(line);
    write_text(line);
    write_rest();
    facts_.encoded = out_.written();
    return facts_;
}

void ChatMessageWriter::read_facts(const IrcLine& line) {
    facts_.id.assign(clean_(tags_[Tag::id]));
    facts_.channel_id.assign(clean_(tags_[Tag::room_id]));
    assign_login(facts_.channel_login, clean_(line.parameter(0).substr(1)));
    facts_.sent_us = microseconds_of(tags_[Tag::tmi_sent_ts].value);
}

void ChatMessageWriter::write_sender(const IrcLine& line) {
    out_.text(ChatMessage::kIdFieldNumber, facts_.id);
    out_.text(ChatMessage::kChannelIdFieldNumber, facts_.channel_id);
    out_.text(ChatMessage::kChannelLoginFieldNumber, facts_.channel_login);
    text(ChatMessage::kUserIdFieldNumber, Tag::user_id);
    assign_login(login_, clean_(sender_of(line)));
    out_.text(ChatMessage::kUserLoginFieldNumber, login_);
    const auto name = trimmed(clean_(tags_[Tag::display_name]));
    out_.text(ChatMessage::kDisplayNameFieldNumber, name.empty() ? login_ : name);
    text(ChatMessage::kColorFieldNumber, Tag::color);
    write_badges(out_, ChatMessage::kBadgesFieldNumber, Tag::badges);
    write_badges(out_, ChatMessage::kBadgeInfoFieldNumber, Tag::badge_info);
    flag(ChatMessage::kModeratorFieldNumber, Tag::mod);
    flag(ChatMessage::kSubscriberFieldNumber, Tag::subscriber);
    flag(ChatMessage::kTurboFieldNumber, Tag::turbo);
    flag(ChatMessage::kVipFieldNumber, Tag::vip);
    text(ChatMessage::kUserTypeFieldNumber, Tag::user_type);
}

void ChatMessageWriter::write_text(const IrcLine& line) {
    const auto whole = line.rest_from(1);
    const bool action = is_action(whole);
    const auto said = clean_(action ? without_action(whole) : whole);
    out_.text(ChatMessage::kTextFieldNumber, said);
    out_.varint(ChatMessage::kActionFieldNumber, action ? 1 : 0);
    if (tags_[Tag::emotes].value.empty() && tags_[Tag::gifs].value.empty()) return;
    spans_.set_text(said);
    write_spans();
}

void ChatMessageWriter::write_spans() {
    found_spans_.Clear();
    spans_.read_emotes(clean_(tags_[Tag::emotes]), *found_spans_.mutable_emotes());
    spans_.read_gifs(clean_(tags_[Tag::gifs]), *found_spans_.mutable_gifs());
    out_.fields(found_spans_);
}

void ChatMessageWriter::write_rest() {
    flag(ChatMessage::kEmoteOnlyFieldNumber, Tag::emote_only);
    out_.varint(ChatMessage::kBitsFieldNumber, number_of(tags_[Tag::bits].value));
    flag(ChatMessage::kFirstMessageFieldNumber, Tag::first_msg);
    flag(ChatMessage::kReturningChatterFieldNumber, Tag::returning_chatter);
    text(ChatMessage::kCustomRewardIdFieldNumber, Tag::custom_reward_id);
    text(ChatMessage::kMsgIdFieldNumber, Tag::msg_id);
    text(ChatMessage::kClientNonceFieldNumber, Tag::client_nonce);
    text(ChatMessage::kAutomodFlagsFieldNumber, Tag::flags);
    text(ChatMessage::kAnimationIdFieldNumber, Tag::animation_id);
    write_reply();
    write_shared_chat();
    out_.fixed64(ChatMessage::kSentUsFieldNumber, facts_.sent_us);
    write_unknown();
}

void ChatMessageWriter::write_reply() {
    if (!tags_.has_any(Tag::reply_parent_display_name, Tag::reply_thread_parent_user_login)) return;
    const auto part = [this](int number, Tag tag) { part_.text(number, clean_(tags_[tag])); };
    part_.clear();
    part(Reply::kParentMessageIdFieldNumber, Tag::reply_parent_msg_id);
    part(Reply::kParentUserIdFieldNumber, Tag::reply_parent_user_id);
    part(Reply::kParentUserLoginFieldNumber, Tag::reply_parent_user_login);
    part(Reply::kParentDisplayNameFieldNumber, Tag::reply_parent_display_name);
    part(Reply::kParentTextFieldNumber, Tag::reply_parent_msg_body);
    part(Reply::kThreadMessageIdFieldNumber, Tag::reply_thread_parent_msg_id);
    part(Reply::kThreadUserIdFieldNumber, Tag::reply_thread_parent_user_id);
    part(Reply::kThreadUserLoginFieldNumber, Tag::reply_thread_parent_user_login);
    part(Reply::kThreadDisplayNameFieldNumber, Tag::reply_thread_parent_display_name);
    out_.bytes(ChatMessage::kReplyFieldNumber, part_.written());
}

void ChatMessageWriter::write_shared_chat() {
    if (!tags_.has_any(Tag::source_badge_info, Tag::source_room_id)) return;
    const auto part = [this](int number, Tag tag) { part_.text(number, clean_(tags_[tag])); };
    part_.clear();
    part(SharedChat::kSourceMessageIdFieldNumber, Tag::source_id);
    part(SharedChat::kSourceChannelIdFieldNumber, Tag::source_room_id);
    write_badges(part_, SharedChat::kSourceBadgesFieldNumber, Tag::source_badges);
    write_badges(part_, SharedChat::kSourceBadgeInfoFieldNumber, Tag::source_badge_info);
    part_.varint(SharedChat::kSourceOnlyFieldNumber, tags_.is_one(Tag::source_only) ? 1 : 0);
    out_.bytes(ChatMessage::kSharedChatFieldNumber, part_.written());
}

/// A map is a list of messages with a key, 1, and a value, 2
/// (https://protobuf.dev/programming-guides/encoding/#maps, read 2026-11-22).
void ChatMessageWriter::write_unknown() {
    for (const auto& tag : tags_.unknown()) {
        part_.clear();
        part_.bytes(1, clean_(tag.name));
        part_.bytes(2, clean_(tag));
        out_.bytes(ChatMessage::kOtherTagsFieldNumber, part_.written());
    }
}

/// "subscriber/12,predictions/blue-1,partner".
void ChatMessageWriter::write_badges(WireWriter& to, int number, Tag tag) {
    auto rest = clean_(tags_[tag]);
    while (!rest.empty()) {
        const auto piece = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
        const auto set = piece.substr(0, piece.find('/'));
        if (set.empty()) continue;
        badge_.clear();
        badge_.text(Badge::kSetFieldNumber, set);
        badge_.text(Badge::kVersionFieldNumber,
                    piece.substr(std::min(set.size() + 1, piece.size())));
        to.bytes(number, badge_.written());
    }
}

}  // namespace chat
