#pragma once

#include <cstdint>

#include <zmq.hpp>

namespace bench {

/// Messages that a sending socket holds before it waits, and that a reading one holds at most.
inline constexpr int waiting_frames = 1000;
inline constexpr int unread_events = 100'000;

/// Ends the program in the words of ZeroMQ's last error.
[[noreturn]] void fail(const char* what);
/// Sets what coven's own clients set (docs/wire.md, "Doors"), so that the peers get the same, and
/// 20 s as the deadline of each wait.
void set_common(zmq::socket_t& socket);

}  // namespace bench
