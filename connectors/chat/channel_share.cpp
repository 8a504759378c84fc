#include "channel_share.hpp"

#include <algorithm>
#include <utility>

namespace chat {

namespace {

using coven::Replicas;

const Replicas::Instance* find(const std::vector<Replicas::Instance>& list, std::string_view name) {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [name](const auto& instance) { return instance.name == name; });
    return found == list.end() ? nullptr : &*found;
}

using namespace std::chrono_literals;

/// Whoever is away for longer than that has been replaced by others: they miss three heartbeats,
/// and hear that the fourth one does not come with their next.
constexpr auto surely_replaced = 6s;

/// The last sign of life of all who heard the channels before.
std::optional<coven::Time> last_beat_before(const Replicas& replicas) {
    auto last = replicas.earlier_beat;
    for (const auto& instance : replicas.gone) {
        last = std::max(last, std::optional(instance.last_beat));
    }
    return last;
}

}  // namespace

ChannelShare::ChannelShare(const std::vector<std::string>& configured, std::string own_name)
    : configured_(configured.begin(), configured.end()), own_name_(std::move(own_name)) {}

ChannelShare::Wanted ChannelShare::wanted(const Replicas& replicas) const {
    Wanted wanted;
    for (const auto& channel : configured_) wanted.emplace(channel, Origin::configured);
    for (const auto& channel : replicas.added) wanted.emplace(channel, Origin::added);
    for (const auto& channel : replicas.removed) wanted.erase(channel);
    return wanted;
}

ChannelShare::Changes ChannelShare::update(const Replicas& replicas) {
    Changes changes;
    auto all = wanted(replicas);
    for (const auto& [channel, origin] : ours_) {
        if (!all.contains(channel)) changes.ended.push_back(channel);
    }
    for (const auto& channel : changes.ended) forget(channel);
    unclaimed_.clear();
    for (const auto& [channel, origin] : all) {
        const auto& owner = owner_of(channel, replicas);
        const bool is_ours = ours_.contains(channel);
        if (owner == own_name_ && moving_.erase(channel) > 0) changes.staying.push_back(channel);
        if (owner == own_name_ && !is_ours) changes.started.push_back(start(channel, replicas));
        if (owner == own_name_ || is_ours) ours_.insert_or_assign(channel, origin);
        if (owner != own_name_ && !is_ours) await_claim(channel, owner);
        if (owner == own_name_ || !is_ours) continue;
        if (moving_.insert_or_assign(channel, owner).second) changes.moving.push_back(channel);
    }
    all_ = std::move(all);
    before_ = replicas;
    return changes;
}

/// So shortly that perhaps nobody has taken over what was heard under this name.
bool ChannelShare::was_away_shortly(const Replicas& replicas) const {
    const auto* own = find(replicas.there, own_name_);
    return replicas.earlier_beat && own->last_beat - *replicas.earlier_beat < surely_replaced;
}

ChannelShare::Started ChannelShare::start(const std::string& channel,
                                          const Replicas& replicas) const {
    Started started{channel, false, std::nullopt};
    const bool is_first = before_.there.empty();
    if (is_first) {
        // Whoever is there hears what is not ours yet; whoever was there heard it.
        started.overlaps = replicas.there.size() > 1;
        const bool unnoticed = was_away_shortly(replicas);
        if (!started.overlaps) started.heard_until = last_beat_before(replicas);
        if (started.overlaps && unnoticed) started.heard_until = replicas.earlier_beat;
        return started;
    }
    if (!all_.contains(channel)) return started;
    const auto& owner = owner_of(channel, before_);
    started.overlaps = find(replicas.there, owner) != nullptr;
    if (started.overlaps) return started;
    const auto* gone = find(replicas.gone, owner);
    started.heard_until = (gone != nullptr ? gone : find(before_.there, owner))->last_beat;
    return started;
}

void ChannelShare::await_claim(const std::string& channel, const std::string& owner) {
    const auto claimed = claimed_.find(channel);
    if (claimed == claimed_.end() || claimed->second != owner) unclaimed_.emplace(channel, owner);
}

void ChannelShare::claim(std::string_view channel, std::string_view owner) {
    const auto found = unclaimed_.find(channel);
    if (found == unclaimed_.end() || found->second != owner) return;
    claimed_.insert_or_assign(found->first, found->second);
    unclaimed_.erase(found);
}

std::vector<ChannelShare::Started> ChannelShare::adopt() {
    std::vector<Started> adopted;
    for (auto& [channel, owner] : std::exchange(unclaimed_, {})) {
        ours_.insert_or_assign(channel, all_.at(channel));
        moving_.insert_or_assign(channel, owner);
        adopted.push_back({channel, true, std::nullopt});
    }
    return adopted;
}

void ChannelShare::forget(std::string_view channel) {
    const auto ours = ours_.find(channel);
    if (ours != ours_.end()) ours_.erase(ours);
    const auto moving = moving_.find(channel);
    if (moving != moving_.end()) moving_.erase(moving);
}

bool ChannelShare::confirm(std::string_view channel, std::string_view owner) {
    const auto found = moving_.find(channel);
    if (found == moving_.end() || found->second != owner) return false;
    forget(channel);
    return true;
}

}  // namespace chat
