#include "chat_message.hpp"

#include <algorithm>

namespace chat {

namespace {

constexpr std::string_view action_start =
    "\x01"
    "ACTION";

/// The login of the sender. Some feeds leave the nick empty and say only "!user@host".
std::string_view sender_of(const IrcLine& line) {
    if (const auto nick = line.nick(); !nick.empty()) return nick;
    auto rest = line.prefix();
    rest.remove_prefix(std::min(rest.find('!'), rest.size()));
    if (!rest.empty()) rest.remove_prefix(1);
    return rest.substr(0, rest.find('@'));
}

/// Takes the CTCP wrapping of /me off; its closing byte may be missing.
std::string_view without_action(std::string_view text, twitch::v1::ChatMessage& message) {
    const auto inside = text.substr(std::min(action_start.size(), text.size()));
    const bool action = text.starts_with(action_start) &&
                        (inside.empty() || inside.front() == ' ' || inside.front() == '\x01');
    message.set_action(action);
    if (!action) return text;
    text = inside;
    if (text.starts_with(' ')) text.remove_prefix(1);
    if (text.ends_with('\x01')) text.remove_suffix(1);
    return text;
}

void assign_login(TagSheet& sheet, std::string& to, std::string_view from) {
    sheet.assign(to, from);
    for (auto& c : to) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
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

void read_names(const IrcLine& line, TagSheet& sheet) {
    auto& message = sheet.message;
    assign_login(sheet, *message.mutable_channel_login(), line.parameter(0).substr(1));
    assign_login(sheet, *message.mutable_user_login(), sender_of(line));
    if (message.display_name().empty()) message.set_display_name(message.user_login());
}

}  // namespace

coven::Result<void> ChatMessageReader::read(const IrcLine& line, twitch::v1::ChatMessage& message) {
    if (auto checked = check(line); !checked) return checked;
    message.Clear();
    TagSheet sheet{message, scratch_, check_utf8(line.text())};
    for (const auto& tag : line.tags()) take_tag(tag, sheet);
    read_names(line, sheet);
    sheet.assign(*message.mutable_text(), without_action(line.rest_from(1), message));
    read_spans(sheet);
    return {};
}

void ChatMessageReader::read_spans(TagSheet& sheet) {
    if (sheet.emotes.value.empty() && sheet.gifs.value.empty()) return;
    spans_.set_text(sheet.message.text());
    sheet.assign(tag_text_, sheet.emotes);
    spans_.read_emotes(tag_text_, *sheet.message.mutable_emotes());
    sheet.assign(tag_text_, sheet.gifs);
    spans_.read_gifs(tag_text_, *sheet.message.mutable_gifs());
}

}  // namespace chat
