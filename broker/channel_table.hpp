#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "coven/result.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/request.pb.h"
#include "moment.hpp"

namespace coven::broker {

/// The channels that connectors read or want to read, as they say themselves. Those of a connector
/// that is gone stay for a while. Bounded; when it is full, new ones are refused.
class ChannelTable {
  public:
    static constexpr std::size_t max_channels = 50'000;

    /// Says why `said` is refused, for people. Then nothing of it is kept.
    Result<void> hear(const v1::ConnectorChannels& said, const Moment& now);
    /// Number of the last message that was heard of this instance; 0 = none.
    std::uint64_t seq_of(const std::string& kind, const std::string& instance) const;
    /// Its channels are not read any more.
    void lose(const v1::Presence& gone, const Moment& now);
    /// Drops what has been gone for long.
    void forget_old(const Moment& now);

    /// A connector of `kind` has it, and be it refused; empty = of any kind.
    bool is_read(const std::string& channel, const std::string& kind) const;

    /// In the order of the list.
    using Rows = std::map<std::string, v1::ChannelState>;
    static std::string row_key(const std::string& channel, const std::string& kind,
                               const std::string& instance);
    /// Together with `others`, which are of no connector.
    v1::ChannelsList list(const v1::ChannelsListRequest& wanted, const Rows& others,
                          std::size_t max_bytes) const;
    std::size_t size() const { return entries_.size(); }

  private:
    struct Entry {
        v1::ChannelState state;
        /// When it was first said to be gone; only while it is.
        Instant gone_at{};
    };
    struct Owner {
        std::uint64_t seq = 0;
        /// Keys of its entries.
        std::set<std::string> keys;
    };
    using OwnerName = std::pair<std::string, std::string>;

    Result<void> check(const v1::ConnectorChannels& said) const;
    void take(const v1::ConnectorChannels& said, const v1::ChannelState& state, const Moment& now);
    void forget_channels(Owner& owner);

    /// By channel, kind and instance with blanks between: words have none, so this is their order.
    std::map<std::string, Entry> entries_;
    std::map<OwnerName, Owner> owners_;
};

}  // namespace coven::broker
