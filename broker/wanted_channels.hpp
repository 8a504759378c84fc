#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "channel_table.hpp"
#include "coven/result.hpp"
#include "coven/v1/channels.pb.h"
#include "coven/v1/request.pb.h"
#include "moment.hpp"

namespace coven::broker {

/// The channels that people added and removed at run time, whatever the configuration of the
/// connectors says. No store: what changed is given to the caller, who answers once it is stored.
class WantedChannels {
  public:
    static constexpr std::size_t max_channels = 20'000;
    static constexpr int max_channels_per_change = 1000;
    /// In place of a kind.
    static constexpr std::string_view every_kind{};

    /// What is said of a channel; `nothing`: its configuration counts again.
    enum class Word { added, removed, nothing };

    /// What a store has kept: see `stored`. False: it is not readable.
    bool restore(std::string_view bytes);

    /// Says why `change` is refused, for people; then nothing of it is done. Else: those for which
    /// `word` was news.
    Result<v1::ChannelsChanged> change(const v1::ChannelsChange& change, Word word,
                                       const Moment& now);

    /// What the store is to keep of the channels of a change, by their keys there; without bytes:
    /// nothing.
    using Records = std::vector<std::pair<std::string, std::string>>;
    Records stored(const v1::ChannelsChange& change) const;

    /// Fills in what was said for connectors of `kind`: for all kinds, unless for this one.
    void tell(const std::string& kind, v1::ConnectorKind& news) const;
    /// Kinds for which something changed since the last call, `every_kind` among them.
    std::set<std::string> take_changed_kinds() { return std::exchange(changed_kinds_, {}); }

    /// Those that no connector reads: the added ones wait for one, and people shall see which are
    /// removed.
    ChannelTable::Rows unread(const ChannelTable& channels) const;
    std::size_t size() const { return entries_.size(); }

  private:
    /// Channel, and the kind that it was said for. `every_kind` comes first.
    using Key = std::pair<std::string, std::string>;

    Result<void> check(const v1::ChannelsChange& change, Word word) const;
    bool say(const Key& key, Word word, const Moment& now);

    std::map<Key, v1::StoredChannel> entries_;
    std::set<std::string> changed_kinds_;
};

}  // namespace coven::broker
