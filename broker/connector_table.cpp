#include "connector_table.hpp"

#include <algorithm>
#include <utility>

#include "coven/topic.hpp"

namespace coven::broker {

namespace {

/// wire.md "Requests": a beat a second, three missed = gone.
constexpr auto longest_silence = std::chrono::seconds(3);
/// How long one is shown that is gone: an operator who comes to look shall find it.
constexpr auto gone_shown = std::chrono::minutes(10);
constexpr std::size_t max_reason_bytes = 500;
constexpr std::size_t max_version_bytes = 64;
constexpr std::size_t max_url_bytes = 200;
constexpr std::size_t max_ready_bytes = std::size_t{64} << 10;

Result<void> check_word(const char* what, const std::string& word) {
    const char* fault = word_fault(word);
    if (fault == nullptr) return {};
    return Error(std::string(what) + " " + fault);
}

/// They are shown to people, among them those of other connectors.
Result<void> check_claims(const v1::ConnectorReady& ready) {
    for (const auto& verb : ready.verbs()) {
        const char* fault = topic_fault(verb);
        if (fault != nullptr) return Error(std::string("a verb ") + fault);
    }
    for (const auto& target : ready.targets()) {
        const auto checked = target == "*" ? Result<void>() : check_word("a target", target);
        if (checked.has_error()) return checked.error();
    }
    return {};
}

Result<void> check(const v1::ConnectorReady& ready) {
    const auto& presence = ready.presence();
    const auto kind = check_word("presence.kind", presence.kind());
    if (kind.has_error()) return kind.error();
    const auto instance = check_word("presence.instance", presence.instance());
    if (instance.has_error()) return instance.error();
    if (presence.kind() == "broker")
        return Error("presence.kind is 'broker', which is the broker's own");
    if (presence.reason().size() > max_reason_bytes) {
        return Error("presence.reason has more than 500 bytes");
    }
    if (presence.version().size() > max_version_bytes) {
        return Error("presence.version has more than 64 bytes");
    }
    if (presence.metrics_url().size() > max_url_bytes) {
        return Error("presence.metrics_url has more than 200 bytes");
    }
    if (ready.ByteSizeLong() > max_ready_bytes) return Error("payload has more than 64 KiB");
    return check_claims(ready);
}

bool drains(const v1::Presence& presence) {
    return presence.state() == v1::Presence::STATE_DRAINING;
}

}  // namespace

std::string presence_topic(const v1::Presence& presence) {
    return "bus." + presence.kind() + "." + presence.instance() + ".state";
}

Result<void> ConnectorTable::hear(const v1::ConnectorReady& ready, const Moment& now) {
    const auto checked = check(ready);
    if (checked.has_error()) return checked.error();
    const auto& presence = ready.presence();
    const Key key{presence.kind(), presence.instance()};
    const auto known = entries_.find(key);
    if (presence.state() == v1::Presence::STATE_GONE) {
        // A second goodbye is no news.
        if (known == entries_.end()) return {};
        say_gone(presence, presence.reason(), known->second, now);
        entries_.erase(known);
        return {};
    }
    if (known == entries_.end() && entries_.size() >= max_connectors) {
        return Error("there are 1000 connectors already");
    }
    const bool same =
        known != entries_.end() && drains(known->second.ready.presence()) == drains(presence);
    if (!same) changed_kinds_.insert(presence.kind());
    routes_.hear(ready);
    auto& entry = entries_[key];
    entry.ready = ready;
    entry.last_beat = now.instant;
    entry.last_beat_us = now.unix_us;
    past_.erase(key);
    make_room();
    return {};
}

std::uint64_t ConnectorTable::last_beat_of(const Key& key) const {
    const auto there = entries_.find(key);
    if (there != entries_.end()) return there->second.last_beat_us;
    const auto gone = past_.find(key);
    return gone == past_.end() ? 0 : gone->second.last_beat_us;
}

Result<void> ConnectorTable::hear_new(const v1::ConnectorReady& ready, const Moment& now) {
    const Key key{ready.presence().kind(), ready.presence().instance()};
    const auto earlier = last_beat_of(key);
    auto heard = hear(ready, now);
    const auto entry = entries_.find(key);
    if (heard.has_value() && entry != entries_.end()) entry->second.earlier_beat_us = earlier;
    return heard;
}

bool ConnectorTable::knows(const std::string& kind, const std::string& instance) const {
    return entries_.contains({kind, instance});
}

std::string ConnectorTable::connect(const ConnectorName& name, const std::string& connection) {
    const auto entry = entries_.find({name.kind, name.instance});
    if (entry == entries_.end()) return {};
    return std::exchange(entry->second.connection, connection);
}

std::string ConnectorTable::connection_of(const ConnectorName& name) const {
    const auto entry = entries_.find({name.kind, name.instance});
    return entry == entries_.end() ? "" : entry->second.connection;
}

bool ConnectorTable::is_connected(const std::string& connection) const {
    return std::any_of(entries_.begin(), entries_.end(), [&connection](const auto& entry) {
        return entry.second.connection == connection;
    });
}

void ConnectorTable::say_gone(v1::Presence presence, const std::string& reason, const Entry& entry,
                              const Moment& now) {
    routes_.remove({presence.kind(), presence.instance()});
    changed_kinds_.insert(presence.kind());
    presence.set_state(v1::Presence::STATE_GONE);
    presence.set_reason(reason);
    presence.set_since_us(now.unix_us);
    past_[{presence.kind(), presence.instance()}] = {presence, entry.last_beat_us, now.instant};
    gone_.push_back(std::move(presence));
}

/// Whoever has been gone longest makes room for who is there.
void ConnectorTable::make_room() {
    while (!past_.empty() && entries_.size() + past_.size() > max_connectors) {
        const auto oldest = std::min_element(
            past_.begin(), past_.end(),
            [](const auto& a, const auto& b) { return a.second.since < b.second.since; });
        changed_kinds_.insert(oldest->first.first);
        past_.erase(oldest);
    }
}

void ConnectorTable::forget_old(const Moment& now) {
    std::erase_if(past_, [&](const auto& past) {
        const bool old = now.instant - past.second.since >= gone_shown;
        if (old) changed_kinds_.insert(past.first.first);
        return old;
    });
}

std::vector<v1::Presence> ConnectorTable::take_gone(const Moment& now) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const bool silent = now.instant - entry->second.last_beat >= longest_silence;
        if (silent) {
            say_gone(entry->second.ready.presence(), "three heartbeats were missed", entry->second,
                     now);
        }
        entry = silent ? entries_.erase(entry) : std::next(entry);
    }
    forget_old(now);
    return std::exchange(gone_, {});
}

std::vector<v1::ConnectorKind::Instance> ConnectorTable::instances_of(
    const std::string& kind) const {
    std::vector<v1::ConnectorKind::Instance> instances;
    const auto add = [&](const v1::Presence& presence, std::uint64_t last_beat_us,
                         std::uint64_t earlier_beat_us) {
        const bool gone = drains(presence) || presence.state() == v1::Presence::STATE_GONE;
        auto& instance = instances.emplace_back();
        instance.set_instance(presence.instance());
        instance.set_there(!gone);
        instance.set_last_beat_us(last_beat_us);
        instance.set_earlier_beat_us(earlier_beat_us);
    };
    const auto of_kind = [&kind](const auto& at, const auto& map) {
        return at != map.end() && at->first.first == kind;
    };
    for (auto at = entries_.lower_bound({kind, ""}); of_kind(at, entries_); ++at) {
        const auto& entry = at->second;
        add(entry.ready.presence(), entry.last_beat_us, entry.earlier_beat_us);
    }
    for (auto at = past_.lower_bound({kind, ""}); of_kind(at, past_); ++at) {
        add(at->second.presence, at->second.last_beat_us, 0);
    }
    std::sort(instances.begin(), instances.end(),
              [](const auto& one, const auto& other) { return one.instance() < other.instance(); });
    return instances;
}

bool ConnectorTable::has_kind(const std::string& kind) const {
    const auto in = [&kind](const auto& map) {
        const auto first = map.lower_bound({kind, ""});
        return first != map.end() && first->first.first == kind;
    };
    return in(entries_) || in(past_);
}

v1::ConnectorsList ConnectorTable::list(std::size_t max_bytes) const {
    // Presences have less than a thousandth of 1 MiB each: all of them fit, with what length
    // prefixes take.
    constexpr auto most_presence_bytes = max_reason_bytes + max_version_bytes + max_url_bytes + 200;
    std::size_t left = max_bytes - (entries_.size() + past_.size()) * most_presence_bytes;
    std::map<Key, v1::ConnectorsList::Connector> all;
    for (const auto& [key, entry] : entries_) {
        auto& connector = all[key];
        *connector.mutable_presence() = entry.ready.presence();
        connector.set_last_beat_us(entry.last_beat_us);
        const auto size = entry.ready.ByteSizeLong();
        if (size > left) continue;
        left -= size;
        *connector.mutable_verbs() = entry.ready.verbs();
        *connector.mutable_targets() = entry.ready.targets();
    }
    for (const auto& [key, past] : past_) {
        *all[key].mutable_presence() = past.presence;
        all[key].set_last_beat_us(past.last_beat_us);
    }
    v1::ConnectorsList list;
    for (auto& [key, connector] : all) *list.add_connectors() = std::move(connector);
    return list;
}

}  // namespace coven::broker
