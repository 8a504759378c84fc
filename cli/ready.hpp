#pragma once

#include <string>
#include <string_view>

#include "command_line.hpp"
#include "coven/config.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// `coven ready [URL]`: whether a program of ours does its job, by its own /readyz. The exit
/// status.
int ready(const Invocation& invocation);

/// Where a program serves /readyz.
struct ReadyAddress {
    std::string host;
    std::string port;
};
/// Of "http://host:port", with or without a path. Fails for anything else.
Result<ReadyAddress> ready_address(std::string_view url);
/// Of the program beside us, by `metrics.listen`; the broker's usual one where that names no port.
std::string url_of_neighbour(std::string_view listen);

/// What a program's answer says.
struct Readiness {
    bool ready = false;
    /// One line, why or why not; as hostile as whoever sent it.
    std::string reason;
};
/// Fails when `answer` is no HTTP/1.
Result<Readiness> read_answer(std::string_view answer);

}  // namespace coven::cli
