#include "garbage.hpp"

#include <array>

namespace coven::sim {
namespace {

using Kind = Outbox::Frame::Kind;
using namespace std::string_view_literals;

/// Twice what the chat connector takes for a line.
constexpr std::size_t overlong_bytes = 512u << 10;
/// More than a client of ours takes for a message, less than our own outbox holds.
constexpr std::size_t huge_bytes = 5u << 20;

std::string every_byte() {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    return bytes + "\r\n";
}

/// Valid text, and no IRC that anybody could read.
constexpr std::array nonsense = {
    "@"sv,
    ":"sv,
    "@ :"sv,
    "@a"sv,
    "@=;=;;= :x PRIVMSG"sv,
    ": PRIVMSG #x :y"sv,
    "   "sv,
    "\0\0\0"sv,
    "PRIVMSG"sv,
    "PRIVMSG # :"sv,
    ":x!x@x PRIVMSG #x"sv,
    "@id=;tmi-sent-ts=99999999999999999999 :x!x@x PRIVMSG #x :y"sv,
    "@badges=/,/,/;emotes=1:9-1,x/:- :x!x@x PRIVMSG #x :y"sv,
    "999999999999 a b c d e f g h i j k l m n o p q r s t u v w x y z"sv,
    "ROOMSTATE"sv,
    "@room-id= ROOMSTATE #"sv,
    "JOIN"sv,
    "CAP"sv,
    "001"sv,
    "NOTICE"sv,
};

std::vector<Garbage> nonsense_lines() {
    std::vector<Garbage> all;
    all.reserve(nonsense.size());
    for (const auto line : nonsense) all.push_back({std::string(line) + "\r\n", Kind::text});
    return all;
}

}  // namespace

std::vector<Garbage> garbage(std::string_view kind) {
    if (kind == "binary") return {{every_byte(), Kind::binary}};
    if (kind == "utf8") return {{"\xff\xfe\xc0\xaf\xed\xa0\x80 PRIVMSG\r\n", Kind::text}};
    if (kind == "overlong") return {{std::string(overlong_bytes, 'x') + "\r\n", Kind::text}};
    if (kind == "huge") return {{std::string(huge_bytes, 'x'), Kind::text}};
    if (kind == "lines") return nonsense_lines();
    return {};
}

}  // namespace coven::sim
