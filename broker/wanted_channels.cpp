#include "wanted_channels.hpp"

#include "coven/token_store.hpp"
#include "coven/topic.hpp"

namespace coven::broker {

namespace {

/// Of a record in the store: neither has a blank.
std::string record_key(const std::string& channel, const std::string& kind) {
    return channel + " " + kind;
}

v1::ChannelState row_of(const v1::StoredChannel& entry) {
    v1::ChannelState row;
    row.set_channel(entry.channel());
    row.set_kind(entry.kind());
    row.set_since_us(entry.since_us());
    row.set_added(entry.added());
    row.set_state(entry.added() ? v1::ChannelState::STATE_WANTED : v1::ChannelState::STATE_GONE);
    row.set_reason(entry.added() ? "waits for a connector" : "removed");
    return row;
}

}  // namespace

bool WantedChannels::restore(std::string_view bytes) {
    v1::StoredChannel entry;
    const bool read = entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    if (!read || entry.channel().empty()) return false;
    Key key{entry.channel(), entry.kind()};
    entries_[std::move(key)] = std::move(entry);
    return true;
}

Result<void> WantedChannels::check(const v1::ChannelsChange& change, Word word) const {
    if (change.channels().empty()) return Error("channels names none");
    if (change.channels_size() > max_channels_per_change) {
        return Error("channels has more than 1000 of them: send several requests");
    }
    const char* fault = change.kind().empty() ? nullptr : word_fault(change.kind());
    if (fault != nullptr) return Error(std::string("kind ") + fault);
    std::set<std::string_view> more;
    for (const auto& channel : change.channels()) {
        const auto wrong = login_fault(channel);
        if (wrong) return Error("a channel is " + wrong->message);
        if (!entries_.contains({channel, change.kind()})) more.insert(channel);
    }
    if (word == Word::nothing || entries_.size() + more.size() <= max_channels) return {};
    return Error(
        "there would be more than 20000 channels that were added or removed: "
        "forget some, or write them into the configuration");
}

Result<v1::ChannelsChanged> WantedChannels::change(const v1::ChannelsChange& change, Word word,
                                                   const Moment& now) {
    const auto checked = check(change, word);
    if (checked.has_error()) return checked.error();
    v1::ChannelsChanged changed;
    for (const auto& channel : change.channels()) {
        if (say({channel, change.kind()}, word, now)) changed.add_changed(channel);
    }
    if (changed.changed_size() > 0) changed_kinds_.insert(change.kind());
    return changed;
}

/// Whether it is news.
bool WantedChannels::say(const Key& key, Word word, const Moment& now) {
    if (word == Word::nothing) return entries_.erase(key) > 0;
    const bool added = word == Word::added;
    const auto known = entries_.find(key);
    if (known != entries_.end() && known->second.added() == added) return false;
    auto& entry = entries_[key];
    entry.set_channel(key.first);
    entry.set_kind(key.second);
    entry.set_added(added);
    entry.set_since_us(now.unix_us);
    return true;
}

WantedChannels::Records WantedChannels::stored(const v1::ChannelsChange& change) const {
    Records records;
    for (const auto& channel : change.channels()) {
        const auto entry = entries_.find({channel, change.kind()});
        records.emplace_back(
            record_key(channel, change.kind()),
            entry == entries_.end() ? std::string() : entry->second.SerializeAsString());
    }
    return records;
}

void WantedChannels::tell(const std::string& kind, v1::ConnectorKind& news) const {
    for (const auto& [key, entry] : entries_) {
        const bool for_all = key.second.empty();
        const bool counts = for_all ? !entries_.contains({key.first, kind}) : key.second == kind;
        if (!counts) continue;
        *(entry.added() ? news.add_added() : news.add_removed()) = key.first;
    }
}

ChannelTable::Rows WantedChannels::unread(const ChannelTable& channels) const {
    ChannelTable::Rows rows;
    for (const auto& [key, entry] : entries_) {
        const auto& [channel, kind] = key;
        if (!channels.is_read(channel, kind))
            rows.emplace(ChannelTable::row_key(channel, kind, ""), row_of(entry));
    }
    return rows;
}

}  // namespace coven::broker
