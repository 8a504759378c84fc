#include "send/text.hpp"

#include <algorithm>
#include <cstdio>

#include "coven/utf8.hpp"

namespace chat {

namespace {

/// Twitch's are UUIDs of 36 characters; others are left room.
constexpr std::size_t longest_message_id = 100;

/// C0, DEL and C1: no line of chat has them, and IRC would take some for its own.
bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7f && point < 0xa0); }

const char* name_of(char32_t control) {
    switch (control) {
        case U'\0':
            return "NUL";
        case U'\r':
            return "CR";
        case U'\n':
            return "LF";
        default:
            return "a control character";
    }
}

TextFault control_fault(std::string_view what, char32_t point, std::size_t place) {
    char code[16];
    std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(point));
    return {"text_control", std::string(what) + " has " + name_of(point) + " (" + code +
                                ") at code point " + std::to_string(place)};
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

}  // namespace

std::optional<TextFault> plain_text_fault(std::string_view text, std::string_view what) {
    std::size_t points = 0;
    for (auto rest = text; !rest.empty(); ++points) {
        const auto point = coven::take_code_point(rest);
        if (!point.valid) {
            return TextFault{"text_not_utf8", std::string(what) +
                                                  " is not valid UTF-8 at code point " +
                                                  std::to_string(points + 1)};
        }
        if (is_control(point.value)) return control_fault(what, point.value, points + 1);
    }
    if (points <= most_code_points) return std::nullopt;
    return TextFault{"text_too_long", std::string(what) + " has " + std::to_string(points) +
                                          " code points, Twitch takes " +
                                          std::to_string(most_code_points)};
}

std::optional<TextFault> line_fault(std::string_view text) {
    if (auto fault = plain_text_fault(text, "the text")) return fault;
    if (text.find_first_not_of(' ') == std::string_view::npos) {
        return TextFault{"text_empty", "the text is empty"};
    }
    if (text.front() == '/') {
        return TextFault{"text_is_command",
                         "the text begins with '/': Twitch would take it for a command; there is "
                         "chat.action for /me, and a verb of its own for each other"};
    }
    if (text.front() == '.') {
        return TextFault{"text_is_command",
                         "the text begins with '.': Twitch would take it for a command; put "
                         "something in front"};
    }
    return std::nullopt;
}

std::optional<TextFault> message_id_fault(std::string_view id, std::string_view what) {
    const bool fits = !id.empty() && id.size() <= longest_message_id;
    if (fits && std::all_of(id.begin(), id.end(), is_id_character)) return std::nullopt;
    return TextFault{"message_id_malformed",
                     std::string(what) +
                         " is no id of a message (1 to 100 of a-z, A-Z, 0-9, '-' "
                         "and '_'), as '44f85d39-b5fb-475d-8555-f4244f2f7e82'"};
}

}  // namespace chat
