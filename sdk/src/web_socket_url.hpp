#pragma once

#include <string>

#include "coven/result.hpp"

namespace coven {

/// A WebSocket's address in its parts.
struct WebSocketUrl {
    bool secure = true;
    std::string host;
    /// A number.
    std::string port;
    /// Path and query, at least "/".
    std::string target;
    /// The host, with the port where it is not the scheme's own.
    std::string host_header;
};

/// Only ws:// and wss://, without user name, password and fragment.
Result<WebSocketUrl> parse_web_socket_url(const std::string& text);

}  // namespace coven
