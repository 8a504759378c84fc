#include "call_key.hpp"

#include <string_view>

namespace coven::broker {

namespace {

/// FNV-1a, https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
constexpr std::uint64_t offset_basis = 0xcbf29ce484222325;
constexpr std::uint64_t prime = 0x100000001b3;

std::uint64_t add(std::uint64_t hash, std::string_view bytes) {
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * prime;
    return hash;
}

}  // namespace

CallKey key_of(const std::string& user, const v1::Request& request) {
    return {user, request.verb(), request.target(), request.idempotency_key()};
}

CallKey key_of(const v1::StoredCall& call) {
    return {call.user(), call.verb(), call.target(), call.idempotency_key()};
}

std::uint64_t payload_hash(const v1::Request& request) {
    const auto& payload = request.payload();
    const auto type = add(offset_basis, payload.type_url());
    return add(add(type, std::string_view("\0", 1)), payload.value());
}

}  // namespace coven::broker
