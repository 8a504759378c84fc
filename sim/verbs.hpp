#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "coven/result.hpp"
#include "twitch.hpp"

namespace coven::sim {

/// What was done to how many.
struct Done {
    std::size_t count = 0;
    std::string_view unit = "connections";
    /// What was asked for, if it was tokens.
    IssuedPair tokens = {};
};

/// Something to be done to this Twitch: `<verb> <arguments>`, in a script, in a flag and on the
/// control port.
struct Command {
    /// How many connections it concerned.
    using ChatPlay = std::size_t (*)(ChatServer&, const Command&);
    using ApiPlay = Done (*)(ApiServer&, const Command&);

    std::string_view verb;
    /// What is done, by one of the two. Neither = wait until somebody has joined `channel`.
    ChatPlay chat_play = nullptr;
    ApiPlay api_play = nullptr;
    Target target;
    std::string channel;
    std::string login;
    /// What is said or sent, for a frame with its escapes resolved; or whatever else a verb takes.
    std::string text;
    /// A second name: of a role, a mode, a message, another channel.
    std::string word;
    std::uint64_t number = 0;
    std::chrono::milliseconds time{0};
    ApiHost host = ApiHost::id;
    unsigned status = 0;
    HelixApi::Limit limit = HelixApi::Limit::bucket;

    bool waits() const { return chat_play == nullptr && api_play == nullptr; }
};

/// Fails with what is wrong and what was expected.
Result<Command> parse_command(std::string_view text);

/// Does it; what Twitch would not do by itself is logged and counted. `command` must not be one
/// that waits.
Done carry_out(const Twitch& twitch, const Command& command);

/// One line for each verb: how it is written, and what it does.
std::string verb_help();

/// Takes the next word off `rest`; empty when there is none.
std::string_view next_word(std::string_view& rest);

}  // namespace coven::sim
