#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chat_server.hpp"
#include "coven/result.hpp"

namespace coven::sim {

/// Something to be done to a server: `<verb> <arguments>`, in a script, in a flag and on the
/// control port.
struct Command {
    /// How many connections it concerned.
    using Play = std::size_t (*)(ChatServer&, const Command&);

    std::string_view verb;
    /// nullptr = wait until somebody has joined `channel`.
    Play play = nullptr;
    Target target;
    std::string channel;
    std::string login;
    /// What is said or sent; for a frame with its escapes resolved.
    std::string text;
    std::uint64_t number = 0;
    std::chrono::milliseconds time{0};
};

/// Fails with what is wrong and what was expected.
Result<Command> parse_command(std::string_view text);

/// Does it; what a chat server would not do by itself is logged and counted. `command` must not be
/// one that waits.
std::size_t carry_out(ChatServer& server, const Command& command);

/// One line for each verb: how it is written, and what it does.
std::string verb_help();

/// Takes the next word off `rest`; empty when there is none.
std::string_view next_word(std::string_view& rest);

}  // namespace coven::sim
