#include "verb_arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "api_faults.hpp"
#include "chat.hpp"
#include "coven/config.hpp"
#include "eventsub/trigger.hpp"
#include "garbage.hpp"
#include "moderation.hpp"
#include "user_notice.hpp"

namespace coven::sim {
namespace {

using Fault = std::optional<std::string>;

/// False when `word` is no number.
bool read_number(std::string_view word, std::uint64_t& into) {
    const auto* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, into);
    return read.ec == std::errc() && read.ptr == end;
}

Fault take_channel(Command& command, std::string_view word) {
    command.channel = word.starts_with('#') ? word.substr(1) : word;
    return command.channel.empty() ? Fault("a channel") : std::nullopt;
}

Fault take_login(Command& command, std::string_view word) {
    command.login = word;
    return word.empty() ? Fault("a login") : std::nullopt;
}

Fault take_user(Command& command, std::string_view word) {
    command.login = word;
    return is_login(word) ? std::nullopt : Fault("a login: 1 to 25 of a-z, 0-9 and '_'");
}

Fault take_new_login(Command& command, std::string_view word) {
    command.text = word;
    return is_login(word) ? std::nullopt : Fault("a new login: 1 to 25 of a-z, 0-9 and '_'");
}

Fault take_text(Command& command, std::string_view text) {
    command.text = text;
    return text.empty() ? Fault("a text") : std::nullopt;
}

std::optional<char> escaped(char letter) {
    switch (letter) {
        case 'r':
            return '\r';
        case 'n':
            return '\n';
        case '1':
            return '\x01';
        case '\\':
            return '\\';
        default:
            return std::nullopt;
    }
}

/// `\r`, `\n`, `\1` (the byte around an action) and `\\` resolved; others stay as they are.
std::string resolve_escapes(std::string_view text) {
    std::string resolved;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool may_be = text[i] == '\\' && i + 1 < text.size();
        const auto byte = may_be ? escaped(text[i + 1]) : std::nullopt;
        resolved += byte.value_or(text[i]);
        if (byte) ++i;
    }
    return resolved;
}

Fault take_escaped_text(Command& command, std::string_view text) {
    command.text = resolve_escapes(text);
    return text.empty() ? Fault("a text") : std::nullopt;
}

Fault take_kind(Command& command, std::string_view word) {
    command.text = word;
    return garbage(word).empty() ? Fault("a kind: binary, utf8, overlong, huge or lines")
                                 : std::nullopt;
}

Fault take_count(Command& command, std::string_view word) {
    return read_number(word, command.number) ? std::nullopt : Fault("a number");
}

/// Delivery and dribbles of nothing at a time would never end.
Fault take_size(Command& command, std::string_view word) {
    if (auto fault = take_count(command, word)) return fault;
    return command.number == 0 ? Fault("a number above 0") : std::nullopt;
}

Fault take_time(Command& command, std::string_view word) {
    const auto time = parse_duration(word);
    if (!time) return "a time: " + time.error().message;
    command.time = *time;
    return std::nullopt;
}

Fault take_target(Command& command, std::string_view word) {
    if (word.empty()) return std::nullopt;
    const auto target = parse_target(word);
    if (!target) return "a target: all, #channel or a connection's number";
    command.target = *target;
    return std::nullopt;
}

Fault take_host(Command& command, std::string_view word) {
    const auto host = find_host(word);
    if (!host) return "a host: id or helix";
    command.host = *host;
    return std::nullopt;
}

Fault take_status(Command& command, std::string_view word) {
    constexpr std::uint64_t first = 200;
    constexpr std::uint64_t last = 599;
    std::uint64_t status = 0;
    const bool is_one = read_number(word, status) && status >= first && status <= last;
    command.status = static_cast<unsigned>(status);
    return is_one ? std::nullopt : Fault("a status from 200 to 599");
}

Fault take_rest(Command& command, std::string_view text) {
    command.text = text;
    return std::nullopt;
}

Fault take_limit(Command& command, std::string_view word) {
    const auto limit = find_limit(word);
    if (!limit) return "a limit: bucket, endpoint or bare";
    command.limit = *limit;
    return std::nullopt;
}

Fault take_code(Command& command, std::string_view word) {
    command.text = word;
    return word.empty() ? Fault("a user code") : std::nullopt;
}

Fault take_word(Command& command, std::string_view word) {
    command.word = word;
    return word.empty() ? Fault("a word") : std::nullopt;
}

Fault take_role(Command& command, std::string_view word) {
    command.word = word;
    constexpr std::array roles = {"moderator", "vip", "subscriber", "follower", "none"};
    const bool is_one = std::ranges::find(roles, word) != roles.end();
    return is_one ? std::nullopt : Fault("a role: moderator, vip, subscriber, follower or none");
}

Fault take_mode_value(Command& command, std::string_view word) {
    command.text = word;
    const auto* const fault = mode_fault(command.word, word);
    return fault == nullptr ? std::nullopt : Fault(fault);
}

Fault take_params(Command& command, std::string_view text) {
    command.text = text;
    UserNotice ignored;
    const auto* const fault = read_params(text, ignored);
    return fault == nullptr ? std::nullopt : Fault(fault);
}

Fault take_other(Command& command, std::string_view word) {
    command.word = word.starts_with('#') ? word.substr(1) : word;
    return is_login(command.word) ? std::nullopt : Fault("a second login or channel");
}

Fault take_refusal(Command& command, std::string_view word) {
    command.text = word;
    return word.empty() ? Fault("a msg-id") : std::nullopt;
}

Fault take_whose(Command& command, std::string_view word) {
    command.word = word;
    const auto name = word.starts_with('#') ? word.substr(1) : word;
    return is_login(name) ? std::nullopt : Fault("#channel or a login");
}

Fault take_event_type(Command& command, std::string_view word) {
    command.word = word;
    return eventsub::trigger_fault(word, "");
}

Fault take_event_fields(Command& command, std::string_view text) {
    command.text = text;
    return eventsub::trigger_fault(command.word, text);
}

/// Others may not stand in a frame (RFC 6455, 7.4).
Fault take_close_code(Command& command, std::string_view word) {
    constexpr std::array forbidden = {1004u, 1005u, 1006u, 1015u};
    constexpr std::uint64_t first = 1000;
    constexpr std::uint64_t last = 4999;
    const bool is_one = read_number(word, command.number) && command.number >= first &&
                        command.number <= last &&
                        std::ranges::find(forbidden, command.number) == forbidden.end();
    return is_one ? std::nullopt : Fault("a close code from 1000 to 4999");
}

Fault take_subscription_status(Command& command, std::string_view word) {
    command.word = word;
    constexpr std::array all = {"authorization_revoked", "user_removed", "version_removed",
                                "moderator_removed", "chat_user_banned"};
    const bool is_one = std::ranges::find(all, word) != all.end();
    return is_one ? std::nullopt
                  : Fault(
                        "a status: authorization_revoked, user_removed, version_removed, "
                        "moderator_removed or chat_user_banned");
}

Fault take_type_wanted(Command& command, std::string_view word) {
    command.text = word;
    return word.empty() ? std::nullopt : eventsub::trigger_fault(word, "");
}

Fault take_broadcaster_kind(Command& command, std::string_view word) {
    command.word = word;
    const bool is_one = word == "affiliate" || word == "partner" || word == "none";
    return is_one ? std::nullopt : Fault("a kind: affiliate, partner or none");
}

constexpr auto rest = Argument::Extent::rest_of_line;

}  // namespace

namespace argument {

const Argument channel{"CHANNEL", take_channel};
const Argument login{"LOGIN", take_login};
const Argument user{"LOGIN", take_user};
const Argument new_login{"NEW_LOGIN", take_new_login};
const Argument text{"TEXT", take_text, rest};
const Argument escaped_text{"TEXT", take_escaped_text, rest};
const Argument kind{"KIND", take_kind};
const Argument size{"NUMBER", take_size};
const Argument count{"NUMBER", take_count};
const Argument time{"TIME", take_time};
const Argument target{"[TARGET]", take_target};
const Argument host{"HOST", take_host};
const Argument status{"STATUS", take_status};
const Argument body{"[BODY]", take_rest, rest};
const Argument limit{"LIMIT", take_limit};
const Argument code{"CODE", take_code};
const Argument scopes{"[SCOPES]", take_rest, rest};
const Argument role{"ROLE", take_role};
const Argument mode{"MODE", take_word};
const Argument mode_value{"VALUE", take_mode_value};
const Argument message{"MESSAGE", take_word};
const Argument message_kind{"MSG_ID", take_word};
const Argument params{"[PARAMS]", take_params, rest};
const Argument other{"OTHER", take_other};
const Argument refusal{"MSG_ID", take_refusal};
const Argument whose{"WHOSE", take_whose};
const Argument event_type{"TYPE", take_event_type};
const Argument event_fields{"[FIELD=VALUE…]", take_event_fields, rest};
const Argument close_code{"CODE", take_close_code};
const Argument subscription_status{"STATUS", take_subscription_status};
const Argument type_wanted{"[TYPE]", take_type_wanted};
const Argument broadcaster_kind{"KIND", take_broadcaster_kind};

}  // namespace argument
}  // namespace coven::sim
