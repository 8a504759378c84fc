#include "irc_line.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coven::sim {
namespace {

/// Only connections with `twitch.tv/commands` get these.
/// https://dev.twitch.tv/docs/chat/irc/#twitch-specific-irc-capabilities (read 2026-11-22)
constexpr std::array commands_of_twitch = {
    std::string_view("CLEARCHAT"),       std::string_view("CLEARMSG"),
    std::string_view("GLOBALUSERSTATE"), std::string_view("HOSTTARGET"),
    std::string_view("NOTICE"),          std::string_view("RECONNECT"),
    std::string_view("ROOMSTATE"),       std::string_view("USERNOTICE"),
    std::string_view("USERSTATE"),       std::string_view("WHISPER")};

/// Takes the next word and the spaces behind it off `rest`.
std::string_view next_word(std::string_view& rest) {
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.find_first_not_of(' ', end), rest.size()));
    return word;
}

std::string_view escape_of(char c) {
    switch (c) {
        case ';':
            return "\\:";
        case ' ':
            return "\\s";
        case '\\':
            return "\\\\";
        case '\r':
            return "\\r";
        case '\n':
            return "\\n";
        default:
            return {};
    }
}

}  // namespace

ClientLine parse_client_line(std::string_view line) {
    ClientLine parsed;
    if (line.starts_with('@')) parsed.tags = next_word(line).substr(1);
    if (line.starts_with(':')) next_word(line);
    parsed.command = next_word(line);
    while (!line.empty()) {
        if (line.starts_with(':')) {
            parsed.params.push_back(line.substr(1));
            break;
        }
        parsed.params.push_back(next_word(line));
    }
    return parsed;
}

std::string_view tag_value(std::string_view tags, std::string_view key) {
    while (!tags.empty()) {
        const auto end = std::min(tags.find(';'), tags.size());
        const auto tag = tags.substr(0, end);
        tags.remove_prefix(std::min(end + 1, tags.size()));
        const auto equals = std::min(tag.find('='), tag.size());
        if (tag.substr(0, equals) == key) return tag.substr(std::min(equals + 1, tag.size()));
    }
    return {};
}

std::string escape_tag(std::string_view value) {
    std::string escaped;
    escaped.reserve(value.size() + 8);
    for (const char c : value) {
        const auto escape = escape_of(c);
        if (escape.empty()) escaped += c;
        escaped += escape;
    }
    return escaped;
}

ServerLine::ServerLine(std::string_view line) : whole_(line), untagged_(line) {
    if (line.starts_with('@')) next_word(untagged_);
    auto rest = untagged_;
    if (rest.starts_with(':')) next_word(rest);
    const auto command = next_word(rest);
    of_twitch_ = std::ranges::find(commands_of_twitch, command) != commands_of_twitch.end();
    while (!rest.empty() && !rest.starts_with(':')) {
        const auto param = next_word(rest);
        if (!param.starts_with('#')) continue;
        channel_ = param.substr(1);
        return;
    }
}

std::string_view ServerLine::seen_with(const Capabilities& asked) const {
    if (of_twitch_ && !asked.commands) return {};
    return asked.tags ? whole_ : untagged_;
}

}  // namespace coven::sim
