#pragma once

#include <cstddef>

namespace coven::sim {

/// What a connection hears of its server.
enum class Voice {
    speaking,
    /// Answers to its own lines, a PONG for example, and no chat.
    mute,
    /// Nothing at all, and its own lines are not listened to.
    silent,
};

/// How lines are put into WebSocket messages.
struct Delivery {
    enum class Kind {
        /// As many lines in a message as wait, up to Outbox::Limits::lines_per_frame.
        normal,
        /// Each message is cut into messages of at most `size` bytes, wherever that is in a line.
        split,
        /// Each message goes out in fragments (RFC 6455, 5.4) of at most `size` bytes.
        fragments,
        /// Lines wait until there are `size` of them for one message, at most about a second.
        packed,
    };

    Kind kind = Kind::normal;
    std::size_t size = 0;
};

}  // namespace coven::sim
