#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "coven/v1/request.pb.h"

namespace coven {

/// The channels of one instance, and what of them the broker still has to hear. Decides only.
class ChannelBoard {
  public:
    /// Channels in one message; with the longest reasons they fit into 1 MiB.
    static constexpr std::size_t most_per_message = 1000;

    /// `state.since_us` is filled in. GONE forgets the channel, after the broker was told.
    void set(v1::ChannelState state, std::uint64_t now_us);
    bool has_news() const { return !news_.empty() || from_scratch_; }
    /// The next message; there may be more news after it. Only where there are news.
    v1::ConnectorChannels take(const std::string& kind, const std::string& instance);
    /// Number of the last message; 0 = none.
    std::uint64_t seq() const { return seq_; }
    /// The broker does not have what it was told.
    void start_over();

  private:
    /// By channel, whose name the state itself leaves out.
    std::map<std::string, v1::ChannelState> all_;
    std::set<std::string> news_;
    std::uint64_t seq_ = 0;
    bool from_scratch_ = false;
};

}  // namespace coven
