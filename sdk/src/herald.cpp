#include "herald.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "coven/daemon.hpp"
#include "coven/race.hpp"
#include "coven/utf8.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr auto beat_every = std::chrono::seconds(1);
/// Longer than `beat_every`, which ends the wait first.
constexpr auto reply_limit = std::chrono::seconds(60);
/// Between two messages about channels.
constexpr auto channels_every = std::chrono::milliseconds(250);
/// The broker refuses a heartbeat with a longer reason: docs/wire.md, "Requests".
constexpr std::size_t max_reason_bytes = 500;

Time time_of(std::uint64_t microseconds) { return Time(std::chrono::microseconds(microseconds)); }

bool before_by_name(const Replicas::Instance& one, const Replicas::Instance& other) {
    return one.name < other.name;
}

void keep_known(const std::vector<Replicas::Instance>& known,
                std::vector<Replicas::Instance>& there) {
    const auto heard = there;
    std::set_difference(known.begin(), known.end(), heard.begin(), heard.end(),
                        std::back_inserter(there), before_by_name);
    std::sort(there.begin(), there.end(), before_by_name);
}

Replicas replicas_of(const v1::ConnectorKind& kind, const std::string& own_name) {
    Replicas replicas;
    bool listed = false;
    for (const auto& instance : kind.instances()) {
        const bool own = instance.instance() == own_name;
        listed = listed || own;
        auto& list = own || instance.there() ? replicas.there : replicas.gone;
        list.push_back({instance.instance(), time_of(instance.last_beat_us())});
        const auto earlier_us = own ? instance.earlier_beat_us() : 0;
        if (earlier_us != 0) replicas.earlier_beat = time_of(earlier_us);
    }
    if (!listed) replicas.there.push_back({own_name, {}});
    std::sort(replicas.there.begin(), replicas.there.end(), before_by_name);
    std::sort(replicas.gone.begin(), replicas.gone.end(), before_by_name);
    replicas.added.assign(kind.added().begin(), kind.added().end());
    replicas.removed.assign(kind.removed().begin(), kind.removed().end());
    return replicas;
}

/// A reason may come from anywhere; one that the broker refused would make us look gone.
std::string fit_for_presence(const std::string& reason) {
    const auto text = to_utf8(reason);
    std::string_view rest = text;
    std::size_t size = 0;
    while (!rest.empty()) {
        const auto point = take_code_point(rest);
        if (size + point.bytes.size() > max_reason_bytes) break;
        size += point.bytes.size();
    }
    return text.substr(0, size);
}

}  // namespace

Herald::Herald(Requester& requester, asio::io_context& io, Clock& clock, const Identity& identity,
               const std::string& metrics_url, Says says)
    : requester_(requester),
      clock_(clock),
      identity_(identity),
      says_(std::move(says)),
      news_(io),
      replicas_news_(io) {
    replicas_ = replicas_of({}, identity.instance);
    presence_.set_instance(identity.instance);
    presence_.set_kind(identity.kind);
    presence_.set_version(version());
    presence_.set_metrics_url(metrics_url);
}

void Herald::set(v1::Presence::State state, const std::string& words) {
    auto reason = fit_for_presence(words);
    const bool same_state = presence_.state() == state;
    if (same_state && presence_.reason() == reason) return;
    presence_.set_state(state);
    presence_.set_reason(std::move(reason));
    unpublished_ = same_state;
    if (same_state) return;
    presence_.set_since_us(microseconds_since_epoch(clock_.now()));
    beat();
    says_.publish();
}

void Herald::set_channel(v1::ChannelState state) {
    state.set_reason(fit_for_presence(state.reason()));
    channels_.set(std::move(state), microseconds_since_epoch(clock_.now()));
    if (channels_.has_news()) news_.wake();
}

v1::Request Herald::next_beat() {
    v1::ConnectorReady ready;
    *ready.mutable_presence() = presence_;
    says_.claim(ready);
    ready.set_kind_version(kind_version_);
    v1::Request request;
    request.set_verb(verb_);
    request.mutable_payload()->PackFrom(ready);
    verb_ = "connector.beat";
    return request;
}

void Herald::beat() { requester_.tell(next_beat()); }

asio::awaitable<void> Herald::run() { co_await race(keep_beating(), tell_channels()); }

asio::awaitable<void> Herald::keep_beating() {
    for (;;) {
        const auto next = clock_.instant() + beat_every;
        if (std::exchange(unpublished_, false)) says_.publish();
        co_await race(beat_and_hear(), clock_.sleep_until(next));
        co_await clock_.sleep_until(next);
    }
}

/// The broker says how much it knows of our channels: after a restart nothing.
asio::awaitable<void> Herald::beat_and_hear() {
    const auto told = channels_.seq();
    const auto reply = co_await requester_.request(next_beat(), reply_limit);
    v1::ConnectorHeard heard;
    const bool answered = reply.status() == v1::Reply::OK && reply.payload().UnpackTo(&heard);
    if (!answered) co_return;
    if (heard.has_kind()) hear(heard.kind());
    if (heard.channels_seq() == told) co_return;
    channels_.start_over();
    news_.wake();
}

void Herald::hear(const v1::ConnectorKind& kind) {
    auto replicas = replicas_of(kind, identity_.instance);
    // A broker that has just started knows who is there, but not yet who is not: we would take the
    // channels of all that it is going to hear.
    if (kind.settling()) keep_known(replicas_.there, replicas.there);
    kind_version_ = kind.version();
    replicas_ = std::move(replicas);
    replicas_news_.wake();
}

asio::awaitable<void> Herald::tell_channels() {
    for (;;) {
        while (!channels_.has_news()) co_await news_.wait();
        v1::Request request;
        request.set_verb("connector.channels");
        request.mutable_payload()->PackFrom(channels_.take(identity_.kind, identity_.instance));
        requester_.tell(std::move(request));
        co_await clock_.sleep(channels_every);
    }
}

}  // namespace coven
