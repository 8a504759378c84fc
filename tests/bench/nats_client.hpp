#pragma once

#include <string>

#include <nats/nats.h>

namespace bench {

/// Ends the program in the words of NATS' C library unless `status` is fine.
void check_nats(natsStatus status);
/// To a server on this machine; owned by the caller.
natsConnection* connect_to_nats(const std::string& port);

}  // namespace bench
