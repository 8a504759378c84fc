#pragma once

#include <cstdint>

#include <boost/asio/io_context.hpp>

#include "coven/bus.hpp"

namespace coven::cli {

/// Where the programs of a demo can listen.
struct Addresses {
    Endpoints doors;
    /// For the local Twitch.
    std::uint16_t chat_port = 0;
};

/// The broker's `wanted` doors if all three are free, else free ports of this machine. Somebody may
/// still be faster; then the program concerned says so.
Addresses free_addresses(boost::asio::io_context& io, const Endpoints& wanted);

/// The same doors for a client of this machine: one cannot connect to "all addresses".
Endpoints reachable(Endpoints doors);

bool is_same(const Endpoints& one, const Endpoints& other);

}  // namespace coven::cli
