#pragma once

#include "chat_server.hpp"
#include "coven/metrics.hpp"

namespace coven::sim {

/// Registers the numbers of `server`, which must outlive `metrics`.
void show(Metrics& metrics, const ChatServer& server);

}  // namespace coven::sim
