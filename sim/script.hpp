#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/result.hpp"
#include "verbs.hpp"

namespace coven::sim {

/// One line of a script: `<pause> <verb> <arguments>` or `every <pause> [x<times>] <verb>
/// <arguments>`. README.md tells more.
struct Step {
    /// Since the step before, or from one repetition to the next: a time, or lines of chat.
    std::chrono::milliseconds pause{0};
    std::uint64_t lines = 0;
    /// Goes on beside the steps that follow.
    bool repeats = false;
    /// 0 = for ever.
    std::uint64_t times = 0;
    Command command;
};

/// Fails with what cannot be understood, and why.
Result<Step> parse_step(std::string_view line);

/// Steps in lines or with `;` between them. Fails with the number of the first line that cannot be
/// understood, and why.
Result<std::vector<Step>> parse_script(std::string_view text, char separator);

/// Does `steps` one after the other; returns after the last. What repeats goes on.
boost::asio::awaitable<void> play_script(Twitch twitch, std::vector<Step> steps);

/// One step alone, to its last repetition.
boost::asio::awaitable<void> play_step(Twitch twitch, Step step);

}  // namespace coven::sim
