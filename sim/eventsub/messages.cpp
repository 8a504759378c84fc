#include "messages.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "time_text.hpp"

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

json::object metadata(const MessageHead& head, std::string_view type) {
    return {{"message_id", head.id},
            {"message_type", type},
            {"message_timestamp", rfc3339_precise(head.time)}};
}

std::string message(json::object metadata, json::object payload) {
    const json::object all{{"metadata", std::move(metadata)}, {"payload", std::move(payload)}};
    return json::serialize(all);
}

json::object plain(const SessionView& session, std::string_view status) {
    return {{"id", session.id},
            {"status", status},
            {"connected_at", rfc3339_precise(session.connected_at)},
            {"keepalive_timeout_seconds", nullptr},
            {"reconnect_url", nullptr}};
}

json::object metadata(const MessageHead& head, std::string_view type,
                      const Subscription& subscription) {
    auto all = metadata(head, type);
    all.emplace("subscription_type", subscription.type->name);
    all.emplace("subscription_version", subscription.type->version);
    return all;
}

}  // namespace

std::string welcome_message(const MessageHead& head, const SessionView& session) {
    auto told = plain(session, "connected");
    told["keepalive_timeout_seconds"] = session.keepalive.count();
    // Seen in live frames, documented nowhere.
    told.emplace("recovery_url", nullptr);
    return message(metadata(head, "session_welcome"), {{"session", std::move(told)}});
}

std::string keepalive_message(const MessageHead& head) {
    return message(metadata(head, "session_keepalive"), {});
}

std::string reconnect_message(const MessageHead& head, const SessionView& session) {
    auto told = plain(session, "reconnecting");
    told["reconnect_url"] = session.reconnect_url;
    return message(metadata(head, "session_reconnect"), {{"session", std::move(told)}});
}

std::string notification_message(const MessageHead& head, const Subscription& subscription,
                                 const json::object& event) {
    return message(metadata(head, "notification", subscription),
                   {{"subscription", to_message_json(subscription)}, {"event", event}});
}

std::string revocation_message(const MessageHead& head, const Subscription& subscription) {
    return message(metadata(head, "revocation", subscription),
                   {{"subscription", to_message_json(subscription)}});
}

}  // namespace coven::sim::eventsub
