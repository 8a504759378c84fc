#include "hub.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "eventsub/matching.hpp"
#include "eventsub/messages.hpp"

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

constexpr unsigned bad_request = 400;
constexpr std::size_t challenge_size = 32;
constexpr std::uint64_t hundred = 100;

bool use_up(std::uint64_t& count) {
    if (count == 0) return false;
    --count;
    return true;
}

SessionView view_of(const Session& session) {
    return {.id = session.id,
            .connected_at = session.connected_at,
            .keepalive = session.state.keepalive()};
}

}  // namespace

Hub::Hub(const Options& options, Clock& clock)
    : options_(options), clock_(clock), ids_(options.seed), table_(options.limits) {}

Session* Hub::open(Wire& wire, const Dialled& dialled) {
    const auto now = clock_.instant();
    const bool comes_back = !dialled.challenge.empty() || !dialled.session_id.empty();
    Session* const left = comes_back ? left_by(dialled) : nullptr;
    if (comes_back && left == nullptr) return nullptr;
    const auto keepalive =
        dialled.keepalive.count() > 0 ? dialled.keepalive : options_.session.keepalive;
    sessions_.push_back(
        {.id = ids_.session(),
         .state = {options_.session, left == nullptr ? keepalive : left->state.keepalive(), now},
         .wire = wire,
         .connected_at = clock_.now(),
         .origin = dialled.origin});
    auto& session = sessions_.back();
    ++tally_.sessions;
    wire.send(welcome_message({ids_.uuid(), clock_.now()}, view_of(session)));
    if (left != nullptr) {
        left->challenge.clear();
        left->was_replaced = true;
        left->state.was_replaced();
        session.owner = left->owner;
        table_.move(left->id, session.id, session.connected_at);
        count(session.id);
    }
    changed();
    return &session;
}

Session* Hub::left_by(const Dialled& dialled) {
    auto* const session = find(dialled.session_id);
    const bool fits = session != nullptr && !session->challenge.empty() &&
                      session->challenge == dialled.challenge;
    return fits ? session : nullptr;
}

void Hub::end(Session& session, std::string_view status) {
    if (faults_.unnoticed.count() > 0) {
        const auto noticed_at = clock_.instant() + faults_.unnoticed;
        orphans_.push_back({session.id, std::string(status), noticed_at});
    } else {
        disable(session.id, status);
    }
    sessions_.remove_if([&session](const Session& one) { return &one == &session; });
    changed();
}

void Hub::keep_alive(Session& session) {
    session.wire.send(keepalive_message({ids_.uuid(), clock_.now()}));
    // Also when the wire is silent: it would be due for ever.
    session.state.sent(clock_.instant());
}

void Hub::ask_to_reconnect(Session& session) {
    session.challenge = ids_.text(challenge_size);
    auto view = view_of(session);
    view.reconnect_url =
        session.origin + "/ws?challenge=" + session.challenge + "&id=" + session.id;
    session.wire.send(reconnect_message({ids_.uuid(), clock_.now()}, view));
    session.state.asked_to_reconnect(clock_.instant());
    session.wire.wake();
}

Session* Hub::find(std::string_view session_id) {
    const auto place = std::ranges::find(sessions_, session_id, &Session::id);
    return place == sessions_.end() ? nullptr : &*place;
}

Hub::Outcome Hub::subscribe(Subscription wanted) {
    tidy();
    auto* const session = find(wanted.session_id);
    if (session == nullptr || session->was_replaced) {
        return {nullptr,
                {bad_request,
                 "websocket transport session does not exist or has already disconnected"}};
    }
    const bool is_first = session->owner.user_id.empty();
    const bool is_same =
        session->owner.user_id == wanted.user_id && session->owner.client_id == wanted.client_id;
    if (!is_first && !is_same) {
        return {nullptr,
                {bad_request,
                 "websocket transport cannot have subscriptions created by different users"}};
    }
    using OfOthers = SubscriptionTable::OfOthers;
    const auto of_others = faults_.conflicts > 0 ? OfOthers::in_the_way : OfOthers::allowed;
    if (const auto refusal = table_.refusal(wanted, of_others)) {
        const auto* const owner = table_.find(refusal->id);
        if (owner != nullptr && owner->session_id != session->id) use_up(faults_.conflicts);
        return {nullptr, *refusal};
    }
    wanted.id = ids_.uuid();
    wanted.created_at = clock_.now();
    wanted.connected_at = session->connected_at;
    session->owner = {.client_id = wanted.client_id, .user_id = wanted.user_id};
    table_.add(std::move(wanted));
    count(session->id);
    changed();
    return {&table_.all().back()};
}

bool Hub::unsubscribe(std::string_view id) {
    tidy();
    const auto* const found = table_.find(id);
    if (found == nullptr) return false;
    const auto session_id = found->session_id;
    table_.remove(id);
    count(session_id);
    changed();
    return true;
}

std::size_t Hub::revoke(std::string_view status,
                        const std::function<bool(const Subscription&)>& is_meant) {
    tidy();
    std::size_t revoked = 0;
    for (const auto& one : table_.all()) {
        if (!one.is_enabled() || !is_meant(one)) continue;
        auto& subscription = *table_.find(one.id);
        subscription.status = status;
        subscription.forgotten_at = clock_.instant() + options_.listed;
        if (auto* const session = find(one.session_id)) {
            const auto message = revocation_message({ids_.uuid(), clock_.now()}, subscription);
            if (session->wire.tell(message)) session->state.sent(clock_.instant());
            count(session->id);
        }
        ++revoked;
    }
    changed();
    return revoked;
}

const SubscriptionTable& Hub::subscriptions() {
    tidy();
    return table_;
}

std::size_t Hub::happen(std::string_view type, const EventIn& event) {
    tidy();
    std::map<std::string_view, std::optional<json::object>> events;
    std::size_t notifications = 0;
    for (const auto& one : table_.all()) {
        if (!one.is_enabled() || one.type->name != type) continue;
        const auto [place, is_new] = events.try_emplace(one.type->version);
        if (is_new) place->second = event(one.type->version);
        const auto& happened = place->second;
        if (happened && matches(one, *happened)) notifications += notify(one, *happened);
    }
    if (notifications == 0) return 0;
    ++tally_.events;
    use_up(faults_.doubles);
    changed();
    return notifications;
}

std::size_t Hub::happen(std::string_view type, const json::object& event) {
    return happen(type, [&event](std::string_view) { return std::optional(event); });
}

std::size_t Hub::notify(const Subscription& subscription, const json::object& event) {
    const std::size_t notifications = faults_.doubles > 0 ? 2 : 1;
    for (std::size_t i = 0; i < notifications; ++i) {
        const auto message = notification_message({ids_.uuid(), clock_.now()}, subscription, event);
        if (is_lost()) {
            ++tally_.lost;
            continue;
        }
        send(subscription, message);
        if (use_up(faults_.repeats)) send(subscription, message);
    }
    return notifications;
}

void Hub::send(const Subscription& subscription, const std::string& message) {
    auto* const session = find(subscription.session_id);
    if (session == nullptr || !session->wire.tell(message)) {
        ++tally_.lost;
        return;
    }
    session->state.sent(clock_.instant());
    ++tally_.notifications;
}

bool Hub::is_lost() {
    if (use_up(faults_.drops)) return true;
    return faults_.loss_percent > 0 && ids_.number(hundred) < faults_.loss_percent;
}

void Hub::tidy() {
    const auto now = clock_.instant();
    for (const auto& orphans : orphans_) {
        if (orphans.noticed_at <= now) disable(orphans.session_id, orphans.status);
    }
    orphans_.remove_if([now](const Orphans& orphans) { return orphans.noticed_at <= now; });
    table_.forget(now);
}

void Hub::disable(std::string_view session_id, std::string_view status) {
    table_.disable(session_id, status, clock_.now(), clock_.instant() + options_.listed);
}

void Hub::count(std::string_view session_id) {
    auto* const session = find(session_id);
    if (session == nullptr) return;
    session->state.has_subscriptions(table_.enabled_in(session_id), clock_.instant());
    session->wire.wake();
}

void Hub::changed() const {
    if (changed_) changed_();
}

}  // namespace coven::sim::eventsub
