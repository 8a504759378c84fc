#include "herald.hpp"

#include "coven/daemon.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr auto beat_every = std::chrono::seconds(1);

}  // namespace

Herald::Herald(Requester& requester, Clock& clock, const Identity& identity)
    : requester_(requester), clock_(clock), identity_(identity) {
    presence_.set_instance(identity.instance);
    presence_.set_kind(identity.kind);
    presence_.set_version(version());
}

bool Herald::set(v1::Presence::State state, std::string reason) {
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
