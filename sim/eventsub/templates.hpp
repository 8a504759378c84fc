#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace coven::sim::eventsub {

/// An example of what happens, in JSON with places to be filled in:
/// - the member "@user": "viewer" becomes user_id, user_login and user_name of that login, or three
///   nulls;
/// - the values "$id", "$id2" … become ids, "$now" and "$now+30s" times.
struct Template {
    std::string_view type;
    std::string_view version;
    std::string_view text;
};

/// https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/ (read 2026-11-22)
std::span<const Template> point_templates();
std::span<const Template> chat_templates();
std::span<const Template> channel_templates();
std::span<const Template> contest_templates();
std::span<const Template> moderation_templates();

/// nullptr = there is no such type.
const Template* find_template(std::string_view type, std::string_view version);
/// Those of all versions; empty = there is no such type.
std::vector<const Template*> find_templates(std::string_view type);

}  // namespace coven::sim::eventsub
