#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "verbs.hpp"

namespace coven::sim {

/// Something that verbs take.
struct Argument {
    enum class Extent { word, rest_of_line };

    /// In the help; in brackets when it may be left out.
    std::string_view name;
    /// Puts it into the command. What was expected instead, or nothing.
    std::optional<std::string> (*take)(Command&, std::string_view);
    Extent extent = Extent::word;
};

namespace argument {

extern const Argument channel;
/// Of anybody in chat.
extern const Argument login;
/// Of a user.
extern const Argument user;
extern const Argument new_login;
extern const Argument text;
extern const Argument escaped_text;
/// Of garbage.
extern const Argument kind;
/// Above 0.
extern const Argument size;
/// 0 = no more of it.
extern const Argument count;
extern const Argument time;
extern const Argument target;
extern const Argument host;
extern const Argument status;
extern const Argument body;
extern const Argument limit;
extern const Argument code;
extern const Argument scopes;
extern const Argument role;
/// With its value behind it.
extern const Argument mode;
extern const Argument mode_value;
/// An id or a login.
extern const Argument message;
/// A msg-id.
extern const Argument message_kind;
/// Of a user notice.
extern const Argument params;
/// A channel or a login beside the first.
extern const Argument other;
/// A msg-id to refuse with.
extern const Argument refusal;
/// #channel or login.
extern const Argument whose;
/// Of EventSub.
extern const Argument event_type;
/// Of an event of the type before it.
extern const Argument event_fields;
extern const Argument close_code;
/// Why a subscription is revoked.
extern const Argument subscription_status;
extern const Argument type_wanted;
extern const Argument broadcaster_kind;

}  // namespace argument
}  // namespace coven::sim
