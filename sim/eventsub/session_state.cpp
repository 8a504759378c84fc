#include "session_state.hpp"

#include <algorithm>

namespace coven::sim::eventsub {
namespace {

bool is_over(const std::optional<Instant>& limit, Instant now) { return limit && now >= *limit; }

}  // namespace

SessionState::SessionState(const SessionRules& rules, std::chrono::seconds keepalive, Instant now)
    : rules_(rules),
      keepalive_(std::clamp(keepalive, rules.shortest_keepalive, rules.longest_keepalive)),
      keepalive_at_(now + keepalive_),
      ping_at_(now + rules.ping_every),
      unused_at_(now + rules.unused_limit) {}

void SessionState::has_subscriptions(std::size_t count, Instant now) {
    if (count > 0) {
        unused_at_.reset();
    } else if (!unused_at_) {
        unused_at_ = now + rules_.unused_limit;
    }
}

void SessionState::pinged(Instant now) {
    ping_at_ = now + rules_.ping_every;
    if (!pong_by_) pong_by_ = now + rules_.pong_limit;
}

SessionState::Due SessionState::due(Instant now) const {
    using What = Due::What;
    if (is_over(leaves_at_, now)) return {What::close, CloseCode::grace_expired};
    if (is_over(pong_by_, now)) return {What::close, CloseCode::failed_ping_pong};
    if (is_over(unused_at_, now)) return {What::close, CloseCode::unused};
    if (now >= ping_at_) return {What::ping};
    if (now >= keepalive_at_) return {What::keepalive};
    return {};
}

Instant SessionState::next() const {
    auto next = std::min(keepalive_at_, ping_at_);
    for (const auto& limit : {pong_by_, unused_at_, leaves_at_}) {
        if (limit) next = std::min(next, *limit);
    }
    return next;
}

}  // namespace coven::sim::eventsub
