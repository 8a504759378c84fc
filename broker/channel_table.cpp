#include "channel_table.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "coven/topic.hpp"

namespace coven::broker {

namespace {

/// How long a channel is shown that is not read any more.
constexpr auto gone_shown = std::chrono::minutes(10);
constexpr std::size_t max_reason_bytes = 500;
/// Tag and length of one entry of a list, and room for the list's own fields.
constexpr std::size_t entry_overhead_bytes = 4;
constexpr std::size_t list_overhead_bytes = 1024;

using Row = std::pair<std::string_view, const v1::ChannelState*>;

bool is_gone(const v1::ChannelState& state) {
    return state.state() == v1::ChannelState::STATE_GONE;
}

/// People removed it, which a row of its own says: who let it go is no second news.
bool is_removed(const v1::ChannelState& state, const ChannelTable::Rows& others) {
    const auto says = [&](const std::string& kind) {
        const auto row = others.find(ChannelTable::row_key(state.channel(), kind, ""));
        return row != others.end() && is_gone(row->second);
    };
    return is_gone(state) && (says("") || says(state.kind()));
}

Result<void> check_state(const v1::ChannelState& state) {
    if (const char* fault = word_fault(state.channel())) {
        return Error(std::string("channel ") + fault);
    }
    if (state.reason().size() > max_reason_bytes) return Error("reason has more than 500 bytes");
    const bool known = state.state() != v1::ChannelState::STATE_UNSPECIFIED &&
                       v1::ChannelState::State_IsValid(state.state());
    if (!known) return Error("state is none of this version");
    return {};
}

v1::ChannelsList::Totals totals_of(const std::vector<Row>& rows) {
    v1::ChannelsList::Totals totals;
    for (const auto& [key, state] : rows) {
        switch (state->state()) {
            case v1::ChannelState::STATE_WANTED:
                totals.set_wanted(totals.wanted() + 1);
                totals.set_expected_us(std::max(totals.expected_us(), state->expected_us()));
                break;
            case v1::ChannelState::STATE_JOINING:
                totals.set_joining(totals.joining() + 1);
                break;
            case v1::ChannelState::STATE_JOINED:
                totals.set_joined(totals.joined() + 1);
                break;
            case v1::ChannelState::STATE_REFUSED:
                totals.set_refused(totals.refused() + 1);
                break;
            default:
                totals.set_gone(totals.gone() + 1);
        }
    }
    return totals;
}

}  // namespace

std::string ChannelTable::row_key(const std::string& channel, const std::string& kind,
                                  const std::string& instance) {
    std::string key = channel;
    return key.append(" ").append(kind).append(" ").append(instance);
}

Result<void> ChannelTable::check(const v1::ConnectorChannels& said) const {
    const auto heard = seq_of(said.kind(), said.instance());
    if (!said.from_scratch() && said.seq() != heard + 1) {
        return Error("seq is not the next one, which is " + std::to_string(heard + 1));
    }
    std::size_t more = 0;
    for (const auto& state : said.channels()) {
        const auto checked = check_state(state);
        if (checked.has_error()) return checked.error();
        if (!entries_.contains(row_key(state.channel(), said.kind(), said.instance()))) ++more;
    }
    if (entries_.size() + more > max_channels) return Error("there are 50000 channels already");
    return {};
}

Result<void> ChannelTable::hear(const v1::ConnectorChannels& said, const Moment& now) {
    const auto checked = check(said);
    if (checked.has_error()) return checked.error();
    auto& owner = owners_[{said.kind(), said.instance()}];
    if (said.from_scratch()) forget_channels(owner);
    owner.seq = said.seq();
    for (const auto& state : said.channels()) take(said, state, now);
    return {};
}

void ChannelTable::take(const v1::ConnectorChannels& said, const v1::ChannelState& state,
                        const Moment& now) {
    auto key = row_key(state.channel(), said.kind(), said.instance());
    auto& entry = entries_[key];
    if (is_gone(state) && !is_gone(entry.state)) entry.gone_at = now.instant;
    entry.state = state;
    entry.state.set_kind(said.kind());
    entry.state.set_instance(said.instance());
    owners_[{said.kind(), said.instance()}].keys.insert(std::move(key));
}

void ChannelTable::forget_channels(Owner& owner) {
    for (const auto& key : owner.keys) entries_.erase(key);
    owner.keys.clear();
}

std::uint64_t ChannelTable::seq_of(const std::string& kind, const std::string& instance) const {
    const auto found = owners_.find({kind, instance});
    return found == owners_.end() ? 0 : found->second.seq;
}

void ChannelTable::lose(const v1::Presence& gone, const Moment& now) {
    const auto found = owners_.find({gone.kind(), gone.instance()});
    if (found == owners_.end()) return;
    // If it comes back it tells everything again.
    found->second.seq = 0;
    for (const auto& key : found->second.keys) {
        auto& entry = entries_.at(key);
        auto& state = entry.state;
        if (is_gone(state)) continue;
        state.set_state(v1::ChannelState::STATE_GONE);
        state.set_reason(gone.reason());
        state.set_since_us(now.unix_us);
        state.clear_ahead();
        state.clear_expected_us();
        entry.gone_at = now.instant;
    }
}

void ChannelTable::forget_old(const Moment& now) {
    for (auto owner = owners_.begin(); owner != owners_.end();) {
        std::erase_if(owner->second.keys, [&](const std::string& key) {
            const auto& entry = entries_.at(key);
            const bool old = is_gone(entry.state) && now.instant - entry.gone_at >= gone_shown;
            if (old) entries_.erase(key);
            return old;
        });
        const bool over = owner->second.keys.empty() && owner->second.seq == 0;
        owner = over ? owners_.erase(owner) : std::next(owner);
    }
}

bool ChannelTable::is_read(const std::string& channel, const std::string& kind) const {
    const auto beginning = channel + " " + (kind.empty() ? "" : kind + " ");
    for (auto entry = entries_.lower_bound(beginning);
         entry != entries_.end() && entry->first.starts_with(beginning); ++entry) {
        if (!is_gone(entry->second.state)) return true;
    }
    return false;
}

v1::ChannelsList ChannelTable::list(const v1::ChannelsListRequest& wanted, const Rows& others,
                                    std::size_t max_bytes) const {
    std::vector<Row> rows;
    rows.reserve(entries_.size() + others.size());
    for (const auto& [key, entry] : entries_) {
        if (!is_removed(entry.state, others)) rows.emplace_back(key, &entry.state);
    }
    const auto middle = static_cast<std::ptrdiff_t>(rows.size());
    for (const auto& [key, state] : others) rows.emplace_back(key, &state);
    std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end());
    v1::ChannelsList list;
    *list.mutable_totals() = totals_of(rows);
    std::size_t bytes = list_overhead_bytes;
    auto row = std::partition_point(rows.begin(), rows.end(), [&wanted](const Row& before) {
        return before.first < wanted.prefix() ||
               (!wanted.after().empty() && before.first <= wanted.after());
    });
    for (; row != rows.end() && row->first.starts_with(wanted.prefix()); ++row) {
        bytes += row->second->ByteSizeLong() + entry_overhead_bytes;
        const auto count = static_cast<std::size_t>(list.channels_size());
        const bool full = bytes > max_bytes || (wanted.limit() > 0 && count >= wanted.limit());
        if (full && count > 0) {
            list.set_next(std::string(std::prev(row)->first));
            break;
        }
        *list.add_channels() = *row->second;
    }
    return list;
}

}  // namespace coven::broker
