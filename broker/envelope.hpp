#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

namespace coven::broker {

/// Routing ids of the hops between a client and us; a message with more frames is none of ours.
inline constexpr std::size_t max_frames = 16;
/// Of what is sent back in front of a reply: each routing id has at most 255.
inline constexpr std::size_t max_envelope_bytes = max_frames * 256;

/// Where the request stands in a message of the request door: the frames before it are sent back
/// in front of the reply.
struct Envelope {
    /// Routing id, and everything up to and including the first empty frame. 0 = no answer is
    /// possible.
    std::size_t echo = 0;
    /// One frame is left for the request.
    bool whole = false;
};
Envelope read_envelope(const std::vector<zmq::message_t>& frames);

/// The first `count` frames in one text, for those who only pass it on.
std::string sealed(const std::vector<zmq::message_t>& frames, std::size_t count);
/// What `sealed` was made of.
std::vector<zmq::message_t> unsealed(std::string_view envelope);

}  // namespace coven::broker
