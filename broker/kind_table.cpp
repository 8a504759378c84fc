#include "kind_table.hpp"

#include <algorithm>

namespace coven::broker {

namespace {

/// Changes in one life of a broker that fit between two epochs.
constexpr int counter_bits = 32;

}  // namespace

void KindTable::begin(std::uint64_t bus_epoch, const Moment& now) {
    last_version_ = bus_epoch << counter_bits;
    change_all();
    settles_at_ = now.instant + settling_time;
}

void KindTable::catch_up(const Moment& now) {
    for (const auto& kind : connectors_.take_changed_kinds()) change(kind);
    for (const auto& kind : wanted_.take_changed_kinds()) change(kind);
    if (!settling_ || now.instant < settles_at_) return;
    settling_ = false;
    change_all();
}

void KindTable::change(const std::string& kind) {
    if (kind == WantedChannels::every_kind) return change_all();
    if (connectors_.has_kind(kind)) {
        versions_[kind] = ++last_version_;
    } else {
        versions_.erase(kind);
    }
}

std::uint64_t KindTable::version_of(const std::string& kind) const {
    const auto own = versions_.find(kind);
    return own == versions_.end() ? version_of_all_ : std::max(own->second, version_of_all_);
}

std::optional<v1::ConnectorKind> KindTable::news(const std::string& kind, std::uint64_t version,
                                                 const Moment& now) {
    catch_up(now);
    const auto current = version_of(kind);
    if (version == current) return std::nullopt;
    v1::ConnectorKind news;
    news.set_version(current);
    news.set_settling(settling_);
    for (auto& instance : connectors_.instances_of(kind)) {
        *news.add_instances() = std::move(instance);
    }
    wanted_.tell(kind, news);
    return news;
}

}  // namespace coven::broker
