#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "coven/v1/request.pb.h"

namespace coven::broker {

/// What makes two requests the same call.
struct CallKey {
    std::string user;
    std::string verb;
    std::string target;
    std::string idempotency_key;
    auto operator<=>(const CallKey&) const = default;
};

CallKey key_of(const std::string& user, const v1::Request& request);
CallKey key_of(const v1::StoredCall& call);

/// Of the payload, as `StoredCall.payload_hash` says; no payload is an empty one. Tells a mistake,
/// not an attack: who makes two payloads collide only deceives themselves.
std::uint64_t payload_hash(const v1::Request& request);

}  // namespace coven::broker
