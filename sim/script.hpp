#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "chat_server.hpp"
#include "coven/result.hpp"

namespace coven::sim {

/// One line of a script: `<pause> <verb> <arguments>`; README.md lists the verbs.
struct Step {
    using Play = void (*)(ChatServer&, const Step&);

    /// Since the step before.
    std::chrono::milliseconds pause{0};
    /// Does it; nullptr = wait until somebody has joined `channel`.
    Play play = nullptr;
    std::string channel;
    std::string login;
    /// What is said or sent; for a frame with its escapes resolved.
    std::string text;
};

/// Fails with the number of the first line that cannot be understood, and why.
Result<std::vector<Step>> parse_script(std::string_view text);

/// Does `steps` one after the other; returns after the last.
boost::asio::awaitable<void> play_script(ChatServer& server, std::vector<Step> steps);

}  // namespace coven::sim
