#include "chat_message.hpp"

#include <algorithm>
#include <array>

#include "irc_line.hpp"

namespace coven::sim {
namespace {

void append_tag(std::string& out, std::string_view key, std::string_view value) {
    out.append(key).append("=").append(value).append(";");
}

void append_parent(std::string& out, const Parent& parent) {
    append_tag(out, "reply-parent-display-name", escape_tag(parent.display_name));
    append_tag(out, "reply-parent-msg-body", escape_tag(parent.text));
    append_tag(out, "reply-parent-msg-id", parent.id);
    append_tag(out, "reply-parent-user-id", parent.user_id);
    append_tag(out, "reply-parent-user-login", parent.login);
    append_tag(out, "reply-thread-parent-display-name", escape_tag(parent.display_name));
    append_tag(out, "reply-thread-parent-msg-id", parent.id);
    append_tag(out, "reply-thread-parent-user-id", parent.user_id);
    append_tag(out, "reply-thread-parent-user-login", parent.login);
}

/// How tags write no and yes.
constexpr std::array<std::string_view, 2> no_yes = {"0", "1"};

void append_tags(std::string& out, const ChatMessage& message) {
    const auto& from = message.from;
    append_tag(out, "@badge-info", from.badge_info);
    append_tag(out, "badges", from.badges);
    if (!message.client_nonce.empty()) append_tag(out, "client-nonce", message.client_nonce);
    append_tag(out, "color", from.color);
    append_tag(out, "display-name", escape_tag(from.display_name));
    append_tag(out, "emotes", message.emotes);
    append_tag(out, "first-msg", no_yes[message.is_first]);
    append_tag(out, "flags", "");
    append_tag(out, "id", message.id);
    append_tag(out, "mod", no_yes[wears(from, "moderator")]);
    if (!message.more_tags.empty()) out.append(message.more_tags).append(";");
    if (message.parent) append_parent(out, *message.parent);
    append_tag(out, "returning-chatter", no_yes[message.is_returning]);
    append_tag(out, "room-id", numeric_id(message.channel));
    append_tag(out, "subscriber", no_yes[wears(from, "subscriber")]);
    const auto milliseconds = microseconds_since_epoch(message.sent) / 1000;
    append_tag(out, "tmi-sent-ts", std::to_string(milliseconds));
    append_tag(out, "turbo", "0");
    append_tag(out, "user-id", from.id);
    append_tag(out, "user-type", wears(from, "moderator") ? "mod" : "");
    if (wears(from, "vip")) append_tag(out, "vip", "1");
    out.back() = ' ';
}

}  // namespace

bool wears(const Person& person, std::string_view badge) {
    return person.badges.find(std::string(badge) + '/') != std::string::npos;
}

void append_line(std::string& out, const ChatMessage& message) {
    append_tags(out, message);
    const auto& login = message.from.login;
    out.append(":").append(login).append("!").append(login).append("@").append(login);
    out.append(".tmi.twitch.tv PRIVMSG #").append(message.channel).append(" :");
    const bool is_action = message.voice == ChatMessage::Voice::action;
    if (is_action) out.append("\1ACTION ");
    out.append(message.text);
    if (is_action) out.append("\x01");
}

std::string numeric_id(std::string_view name) {
    // FNV-1a, so that ids stay the same over builds and machines.
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return std::to_string(10'000'000 + hash % 900'000'000);
}

std::string uuid_v4(std::mt19937_64& random) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    std::uint64_t bits = 0;
    int left = 0;
    for (char& c : text) {
        if (c != 'x' && c != 'y') continue;
        if (left-- == 0) {
            bits = random();
            left = 15;
        }
        c = digits[c == 'x' ? bits & 15 : 8 + (bits & 3)];
        bits >>= 4;
    }
    return text;
}

std::optional<Person> speaker_of(std::string_view line) {
    if (!line.starts_with('@')) return std::nullopt;
    const auto tags = line.substr(1, std::min(line.find(' '), line.size()) - 1);
    const auto begin = line.find(" :", tags.size());
    const auto end = line.find('!', tags.size());
    const auto id = tag_value(tags, "user-id");
    if (id.empty() || begin == std::string_view::npos || end == std::string_view::npos ||
        end < begin) {
        return std::nullopt;
    }
    auto person = plain_person(line.substr(begin + 2, end - begin - 2));
    person.id = id;
    const auto name = tag_value(tags, "display-name");
    if (!name.empty()) person.display_name = name;
    return person;
}

Person plain_person(std::string_view login) {
    return Person{.login = std::string(login),
                  .display_name = std::string(login),
                  .id = numeric_id(login),
                  .color = "",
                  .badges = "",
                  .badge_info = ""};
}

}  // namespace coven::sim
