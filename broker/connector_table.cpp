#include "connector_table.hpp"

#include <utility>

#include "coven/topic.hpp"

namespace coven::broker {

namespace {

/// wire.md "Requests": a beat a second, three missed = gone.
constexpr auto longest_silence = std::chrono::seconds(3);
constexpr std::size_t max_reason_bytes = 500;
constexpr std::size_t max_version_bytes = 64;
constexpr std::size_t max_ready_bytes = std::size_t{64} << 10;

Result<void> check_word(const char* what, const std::string& word) {
    const char* fault = word_fault(word);
    if (fault == nullptr) return {};
    return Error(std::string(what) + " " + fault);
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
    if (ready.ByteSizeLong() > max_ready_bytes) return Error("payload has more than 64 KiB");
    return {};
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
        entries_.erase(known);
        say_gone(presence, presence.reason(), now);
        return {};
    }
    if (known == entries_.end() && entries_.size() >= max_connectors) {
        return Error("there are 1000 connectors already");
    }
    entries_[key] = {ready, now.instant, now.unix_us};
    return {};
}

void ConnectorTable::say_gone(v1::Presence presence, const std::string& reason, const Moment& now) {
    presence.set_state(v1::Presence::STATE_GONE);
    presence.set_reason(reason);
    presence.set_since_us(now.unix_us);
    gone_.push_back(std::move(presence));
}

std::vector<v1::Presence> ConnectorTable::take_gone(const Moment& now) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const bool silent = now.instant - entry->second.last_beat >= longest_silence;
        if (silent) say_gone(entry->second.ready.presence(), "three heartbeats were missed", now);
        entry = silent ? entries_.erase(entry) : std::next(entry);
    }
    return std::exchange(gone_, {});
}

v1::ConnectorsList ConnectorTable::list(std::size_t max_bytes) const {
    v1::ConnectorsList list;
    // Presences are at most 750 bytes each: all of them fit, with what length prefixes take.
    std::size_t left = max_bytes - entries_.size() * (max_reason_bytes + max_version_bytes + 200);
    for (const auto& [key, entry] : entries_) {
        auto& connector = *list.add_connectors();
        *connector.mutable_presence() = entry.ready.presence();
        connector.set_last_beat_us(entry.last_beat_us);
        const auto size = entry.ready.ByteSizeLong();
        if (size > left) continue;
        left -= size;
        *connector.mutable_verbs() = entry.ready.verbs();
        *connector.mutable_targets() = entry.ready.targets();
    }
    return list;
}

}  // namespace coven::broker
