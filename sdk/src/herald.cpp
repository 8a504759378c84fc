#include "herald.hpp"

#include "coven/daemon.hpp"
#include "coven/utf8.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr auto beat_every = std::chrono::seconds(1);
/// The broker refuses a heartbeat with a longer reason: docs/wire.md, "Requests".
constexpr std::size_t max_reason_bytes = 500;

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

Herald::Herald(Requester& requester, Clock& clock, const Identity& identity,
               const std::string& metrics_url)
    : requester_(requester), clock_(clock), identity_(identity) {
    presence_.set_instance(identity.instance);
    presence_.set_kind(identity.kind);
    presence_.set_version(version());
    presence_.set_metrics_url(metrics_url);
}

bool Herald::set(v1::Presence::State state, const std::string& words) {
    auto reason = fit_for_presence(words);
    if (presence_.state() == state && presence_.reason() == reason) return false;
    if (presence_.state() != state) {
        presence_.set_since_us(microseconds_since_epoch(clock_.now()));
    }
    presence_.set_state(state);
    presence_.set_reason(std::move(reason));
    return true;
}

void Herald::beat() {
    v1::ConnectorReady ready;
    *ready.mutable_presence() = presence_;
    ready.mutable_verbs()->Assign(identity_.verbs.begin(), identity_.verbs.end());
    ready.mutable_targets()->Assign(identity_.targets.begin(), identity_.targets.end());
    v1::Request request;
    request.set_verb(verb_);
    request.mutable_payload()->PackFrom(ready);
    requester_.tell(std::move(request));
    verb_ = "connector.beat";
}

asio::awaitable<void> Herald::run() {
    for (;;) {
        beat();
        co_await clock_.sleep(beat_every);
    }
}

}  // namespace coven
