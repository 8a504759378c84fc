#include "edit_line.hpp"

#include <utility>

#include "coven/utf8.hpp"
#include "safe_text.hpp"

namespace coven::cli {

namespace {

constexpr char ctrl_d = 0x04;
constexpr char backspace = 0x08;
constexpr char ctrl_u = 0x15;
constexpr char ctrl_w = 0x17;
constexpr char escape_key = 0x1b;
constexpr char delete_key = 0x7f;
/// Far more than Twitch takes; what is refused should be seen to be refused.
constexpr std::size_t longest = 8192;

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }
bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20; }

}  // namespace

std::vector<std::string> EditLine::type(std::string_view bytes) {
    std::vector<std::string> lines;
    for (const char byte : bytes) {
        if (ended_) break;
        if (!escape(byte)) key(byte, lines);
    }
    return lines;
}

/// Whether the byte belongs to a sequence: ESC [ … letter, ESC O letter, ESC letter.
bool EditLine::escape(char byte) {
    if (escape_ == Escape::none) {
        if (byte != escape_key) return false;
        escape_ = Escape::begun;
        return true;
    }
    const bool goes_on =
        escape_ == Escape::begun ? byte == '[' || byte == 'O' : byte >= 0x20 && byte < 0x40;
    escape_ = goes_on ? Escape::sequence : Escape::none;
    // A key that is no part of a sequence counts as itself.
    return !is_control(byte);
}

void EditLine::key(char byte, std::vector<std::string>& lines) {
    switch (byte) {
        case '\r':
        case '\n':
            lines.push_back(std::exchange(text_, {}));
            return;
        case ctrl_d:
            ended_ = text_.empty();
            return;
        case backspace:
        case delete_key:
            return erase_one();
        case ctrl_u:
            return text_.clear();
        case ctrl_w:
            return erase_word();
        default:
            if (!is_control(byte) && text_.size() < longest) text_ += byte;
    }
}

void EditLine::erase_one() {
    while (!text_.empty() && continues_character(text_.back())) text_.pop_back();
    if (!text_.empty()) text_.pop_back();
}

void EditLine::erase_word() {
    while (!text_.empty() && text_.back() == ' ') text_.pop_back();
    while (!text_.empty() && text_.back() != ' ') text_.pop_back();
}

std::string EditLine::shown(std::size_t columns) const {
    const auto safe = safe_text(text_);
    std::size_t points = 0;
    for (const char byte : safe) points += continues_character(byte) ? 0 : 1;
    std::string_view rest = safe;
    for (; points > columns && !rest.empty(); --points) take_code_point(rest);
    return std::string(rest);
}

}  // namespace coven::cli
