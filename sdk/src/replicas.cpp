#include "coven/replicas.hpp"

#include <algorithm>
#include <cstdint>

namespace coven {

namespace {

/// FNV-1a, https://datatracker.ietf.org/doc/html/draft-eastlake-fnv: every instance, of any build
/// and in any language, must come to the same number.
std::uint64_t hash_on(std::uint64_t hash, std::string_view text) {
    constexpr std::uint64_t prime = 0x100000001b3;
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * prime;
    return hash;
}

/// The finish of MurmurHash3: without it keys that differ in their last letter only, as names of
/// instances do, would keep their order for nearly every key.
std::uint64_t spread(std::uint64_t hash) {
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
    return hash ^ (hash >> 33);
}

std::uint64_t weight(std::string_view key, std::string_view instance) {
    constexpr std::uint64_t basis = 0xcbf29ce484222325;
    const auto hash = hash_on(hash_on(basis, key), std::string_view("\0", 1));
    return spread(hash_on(hash, instance));
}

}  // namespace

const std::string& owner_of(std::string_view key, const Replicas& replicas) {
    // The names are ordered and no two are equal, so a tie has one winner everywhere.
    const auto owner = std::max_element(replicas.there.begin(), replicas.there.end(),
                                        [key](const auto& one, const auto& other) {
                                            return weight(key, one.name) < weight(key, other.name);
                                        });
    return owner->name;
}

}  // namespace coven
