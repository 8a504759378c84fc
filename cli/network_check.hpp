#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "finding.hpp"

namespace coven::cli {

/// An address of the configuration.
struct Endpoint {
    /// The setting. Example: "twitch.chat_url".
    std::string key;
    std::string url;
    /// Something that is to run needs it.
    bool needed = false;
};

/// Name look-up, TCP, TLS and a first answer, of all of them at the same time; and how far the
/// clock of whoever answers is from ours. `ca_file` as in `twitch.ca_file`.
boost::asio::awaitable<std::vector<Finding>> check_network(Clock& clock,
                                                           std::vector<Endpoint> endpoints,
                                                           std::string ca_file);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), as servers write it.
std::optional<Time> parse_http_date(const std::string& text);

}  // namespace coven::cli
