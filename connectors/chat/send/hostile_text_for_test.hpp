#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>

namespace chat {

/// Pieces that have broken other people's programs, none to a dozen of them, put together at
/// random.
inline std::string hostile_text(std::mt19937& random) {
    using std::string_view_literals::operator""sv;
    static constexpr std::array pieces = {"a"sv,
                                          " "sv,
                                          "/"sv,
                                          "."sv,
                                          ":"sv,
                                          "\r"sv,
                                          "\n"sv,
                                          "\0"sv,
                                          "\x01"sv,
                                          "\x1b[31m"sv,
                                          "\x7f"sv,
                                          "\xc2\x85"sv,
                                          "\xff"sv,
                                          "\xf0\x9f"sv,
                                          "\xed\xa0\x80"sv,
                                          "\xf4\x90\x80\x80"sv,
                                          "\u202e"sv,
                                          "\u200b"sv,
                                          "\ufeff"sv,
                                          "😂"sv,
                                          "e\u0301"sv,
                                          "@client-nonce=1;"sv,
                                          "PRIVMSG #x :"sv,
                                          "\r\nQUIT\r\n"sv,
                                          "oauth:x"sv,
                                          "{\"a\":1}"sv,
                                          "'\"\\"sv,
                                          "\\u0000"sv,
                                          "%s%n"sv,
                                          "</script>"sv};
    std::uniform_int_distribution<std::size_t> which(0, pieces.size() - 1);
    // Most of the long ones are refused.
    std::geometric_distribution<int> length(0.3);
    std::string text;
    for (int i = std::min(length(random), 12); i > 0; --i) text += pieces[which(random)];
    return text;
}

}  // namespace chat
