#include "ids.hpp"

#include <string_view>

namespace coven::sim::eventsub {

std::string Ids::uuid() {
    constexpr std::string_view digits = "0123456789abcdef";
    // The version, 4, and the variant stand at their places (RFC 4122, 4.4).
    std::string text("xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx");
    for (char& letter : text) {
        if (letter == 'x') letter = digits[number(digits.size())];
        if (letter == 'v') letter = "89ab"[number(4)];
    }
    return text;
}

// "AgoQ", sixteen bytes, and the name of the cell, all in base64.
std::string Ids::session() { return "AgoQ" + text(22) + "EgZjZWxsLWM"; }

std::string Ids::text(std::size_t size) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    while (text.size() < size) text += letters[number(letters.size())];
    return text;
}

}  // namespace coven::sim::eventsub
