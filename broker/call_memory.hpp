#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call_key.hpp"
#include "moment.hpp"

namespace coven::broker {

/// How calls with a key ended, for 24 h of the wall clock after each end: that is longer than a
/// life of the broker.
class CallMemory {
  public:
    /// Of all that is remembered.
    static constexpr std::size_t max_bytes = std::size_t{64} << 20;
    /// Of one outcome: of a longer one only status and code are remembered.
    static constexpr std::size_t max_outcome_bytes = std::size_t{16} << 10;

    /// There is no room for another key. What runs already is kept nevertheless.
    bool is_full() const { return bytes_ >= max_bytes; }
    /// nullptr: it is not known. Lives until the next change.
    const v1::StoredCall* find(const CallKey& key) const;
    const v1::StoredCall* find_id(const std::string& call_id) const;
    std::size_t size() const { return calls_.size(); }

    /// `call` has ended with `outcome`. What the store is to keep; lives until the next change.
    const v1::StoredCall& keep(v1::StoredCall call, const v1::Reply& outcome, const Moment& now);
    /// The connector answers after all. nullptr: this changes nothing, as the call is not known or
    /// its outcome was. Else what the store is to keep.
    const v1::StoredCall* settle(const std::string& call_id, const v1::Reply& outcome,
                                 const Moment& now);
    /// What a store has kept; without an outcome it is UNKNOWN, 24 h from when it was handed over.
    /// False: it is not readable, or there is one with this key or id.
    bool restore(std::string_view bytes);
    /// Ids of the calls that the store is to forget too.
    std::vector<std::string> forget_old(const Moment& now);

  private:
    void insert(v1::StoredCall call);

    std::map<CallKey, v1::StoredCall> calls_;
    std::map<std::string, CallKey> ids_;
    /// When each ended, and its id.
    std::set<std::pair<std::uint64_t, std::string>> ends_;
    std::size_t bytes_ = 0;
};

}  // namespace coven::broker
