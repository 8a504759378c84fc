#include "trigger.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/parse.hpp>

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

/// The keys of conditions that say whom it is about, and the people of templates that are meant.
struct Role {
    std::string_view key;
    /// Of all types that begin so.
    std::string_view type;
    std::string_view person;
};
constexpr std::array roles = {
    Role{"broadcaster_user_id", "", "broadcaster"},
    Role{"to_broadcaster_user_id", "", "to_broadcaster"},
    Role{"from_broadcaster_user_id", "", "from_broadcaster"},
    Role{"user_id", "user.update", "user"},
    Role{"user_id", "user.whisper", "to_user"},
    Role{"user_id", "channel.chat.user_message_", "user"},
};

bool has(const Fields& fields, std::string_view name) {
    return std::ranges::find(fields, name, &Field::name) != fields.end();
}

/// The people that the first subscription is about, unless `fields` name them.
void name_people(Server& server, std::string_view type, Fields& fields) {
    const auto& all = server.hub().subscriptions().all();
    const auto first = std::ranges::find_if(all, [type](const Subscription& one) {
        return one.is_enabled() && one.type->name == type;
    });
    if (first == all.end()) return;
    for (const auto& role : roles) {
        const auto* const user = server.users().with_id(first->condition_of(role.key));
        const bool is_meant = user != nullptr && type.starts_with(role.type);
        const auto person = std::string(role.person);
        if (is_meant && !has(fields, person)) fields.push_back({person, user->login});
    }
}

std::string fields_of(const Template& from) {
    std::string text;
    const auto event = json::parse(json::string_view(from.text.data(), from.text.size()));
    for (const auto& [key, value] : event.get_object()) {
        std::string name(key.starts_with('@') ? key.substr(1) : key);
        const std::string_view user = "_user";
        if (key.starts_with('@') && name.ends_with(user)) name.resize(name.size() - user.size());
        text.append(" ").append(name);
    }
    return text;
}

}  // namespace

std::optional<std::string> trigger_fault(std::string_view type, std::string_view fields) {
    const auto templates = find_templates(type);
    if (templates.empty()) return "a type of EventSub: '" + std::string(type) + "'";
    const auto parsed = parse_fields(fields);
    if (!parsed) return "fields: " + parsed.error().message;
    Users users;
    Ids ids(0);
    EventMaker maker(users, ids, {});
    std::string why;
    for (const auto* from : templates) {
        const auto made = maker.make(*from, *parsed);
        if (made) return std::nullopt;
        why = made.error().message;
    }
    return "other fields: " + why;
}

std::size_t trigger(Server& server, std::string_view type, std::string_view text) {
    auto fields = parse_fields(text).value();
    name_people(server, type, fields);
    auto& hub = server.hub();
    EventMaker maker(server.users(), hub.ids(), hub.clock().now());
    return hub.happen(type, [&](std::string_view version) -> std::optional<json::object> {
        const auto* const from = find_template(type, version);
        if (from == nullptr) return std::nullopt;
        auto made = maker.make(*from, fields);
        if (!made) return std::nullopt;
        return std::move(*made);
    });
}

std::string trigger_help() {
    std::string text;
    for (const auto& type : types()) {
        const auto* const from = find_template(type.name, type.version);
        if (from == nullptr) continue;
        text.append(type.name).append(" (version ").append(type.version).append("):");
        text.append(fields_of(*from)).append("\n");
    }
    return text;
}

}  // namespace coven::sim::eventsub
