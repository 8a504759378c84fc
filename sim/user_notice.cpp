#include "user_notice.hpp"

#include <algorithm>
#include <charconv>

#include "emotes.hpp"
#include "user_notice_table.hpp"
#include "verbs.hpp"

namespace coven::sim {
namespace {

constexpr std::uint64_t most_gifts = 1000;
/// Who gives without a name. https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-23)
constexpr std::string_view anonymous_gifter = "ananonymousgifter";

std::string plain(std::string_view escaped) {
    std::string text;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        const bool may_be = escaped[i] == '\\' && i + 1 < escaped.size();
        if (!may_be) {
            text += escaped[i];
            continue;
        }
        const char letter = escaped[++i];
        text += letter == 's' ? ' ' : letter == ':' ? ';' : letter;
    }
    return text;
}

const std::string* find_param(const UserNotice& notice, std::string_view name) {
    const auto found =
        std::ranges::find(notice.params, name, [](const auto& one) { return one.first; });
    return found == notice.params.end() ? nullptr : &found->second;
}

void add_param(UserNotice& notice, std::string_view name, std::string value) {
    if (find_param(notice, name) == nullptr) notice.params.emplace_back(name, std::move(value));
}

void add_usual(UserNotice& notice, std::string_view usual) {
    while (!usual.empty()) {
        const auto end = std::min(usual.find(';'), usual.size());
        const auto param = usual.substr(0, end);
        usual.remove_prefix(std::min(end + 1, usual.size()));
        const auto equals = param.find('=');
        add_param(notice, param.substr(0, equals), plain(param.substr(equals + 1)));
    }
}

/// What Twitch says by itself about it.
std::string system_message(const UserNotice& notice, const Person& from) {
    if (const auto* given = find_param(notice, "system-msg")) return *given;
    const auto text = user_notice_kind(notice.kind).system_message;
    if (text.empty() || notice.kind == "announcement") return {};
    return from.display_name + " " + std::string(text);
}

/// What a copy in the channel of a partner comes from.
struct Source {
    std::string id;
    std::string channel;
};

std::string line_of(const Chat& chat, const UserNotice& notice, std::string_view channel,
                    const std::string& id, const Source* source) {
    const auto from = chat.person_in(channel, notice.login);
    const bool is_copy = source != nullptr && source->channel != channel;
    std::string line("@badge-info=");
    const auto add = [&line](std::string_view name, std::string_view value) {
        line.append(";").append(name).append("=").append(value);
    };
    line += from.badge_info;
    add("badges", from.badges);
    add("color", from.color);
    add("display-name", escape_tag(from.display_name));
    add("emotes", emotes_in(notice.text));
    add("flags", "");
    add("id", id);
    add("login", from.login);
    add("mod", wears(from, "moderator") ? "1" : "0");
    add("msg-id", is_copy ? std::string_view("sharedchatnotice") : notice.kind);
    for (const auto& [name, value] : notice.params) {
        if (name != "system-msg") add("msg-param-" + name, escape_tag(value));
    }
    add("room-id", chat.users.person(channel).id);
    if (source != nullptr) {
        const auto at_home = chat.person_in(source->channel, notice.login);
        add("source-badge-info", at_home.badge_info);
        add("source-badges", at_home.badges);
        add("source-id", source->id);
        add("source-msg-id", notice.kind);
        add("source-room-id", chat.users.person(source->channel).id);
    }
    add("subscriber", wears(from, "subscriber") ? "1" : "0");
    add("system-msg", escape_tag(system_message(notice, from)));
    add("tmi-sent-ts", std::to_string(microseconds_since_epoch(chat.clock.now()) / 1000));
    add("user-id", from.id);
    add("user-type", wears(from, "moderator") ? "mod" : "");
    line.append(" :tmi.twitch.tv USERNOTICE #").append(channel);
    if (!notice.text.empty()) line.append(" :").append(notice.text);
    return line;
}

std::size_t tell_one(Chat& chat, const UserNotice& notice) {
    const auto id = uuid_v4(chat.random);
    // A copy: what is told may not depend on the book staying as it is.
    const auto partners = chat.book.look(notice.channel).partners;
    const Source source{.id = id, .channel = notice.channel};
    const auto* const shared = partners.empty() ? nullptr : &source;
    const auto line = line_of(chat, notice, notice.channel, id, shared);
    auto heard = chat.tell(ServerLine(line), nullptr);
    for (const auto& partner : partners) {
        const auto copy = line_of(chat, notice, partner, uuid_v4(chat.random), shared);
        heard += chat.tell(ServerLine(copy), nullptr);
    }
    return heard;
}

std::uint64_t gifts_of(const UserNotice& notice) {
    if (!notice.kind.ends_with("submysterygift")) return 0;
    std::uint64_t count = 0;
    if (const auto* given = find_param(notice, "mass-gift-count")) {
        std::from_chars(given->data(), given->data() + given->size(), count);
    }
    return std::min(count, most_gifts);
}

std::size_t tell_gift(Chat& chat, const UserNotice& bomb, std::uint64_t number) {
    const auto login = "recipient_" + std::to_string(number);
    UserNotice gift{.channel = bomb.channel, .login = bomb.login, .kind = "subgift"};
    if (bomb.kind.starts_with("anon")) gift.kind = "anonsubgift";
    gift.params = {{"recipient-display-name", login},
                   {"recipient-id", chat.users.meet(login).id},
                   {"recipient-user-name", login},
                   {"sender-count", "0"}};
    for (const char* name : {"community-gift-id", "origin-id", "sub-plan"}) {
        if (const auto* value = find_param(bomb, name)) add_param(gift, name, *value);
    }
    add_usual(gift, user_notice_kind(gift.kind).params);
    return tell_one(chat, gift);
}

}  // namespace

std::size_t tell(Chat& chat, UserNotice notice) {
    if (is_login(notice.channel)) chat.users.meet(notice.channel);
    if (notice.login == anonymous_gifter) {
        auto gifter = plain_person(anonymous_gifter);
        gifter.display_name = "AnAnonymousGifter";
        gifter.id = "274598607";
        chat.users.meet(gifter);
    } else if (is_login(notice.login)) {
        chat.users.meet(notice.login);
    }
    add_usual(notice, user_notice_kind(notice.kind).params);
    if (gifts_of(notice) > 0) {
        const auto number = std::to_string(10'000'000'000 + chat.random() % 1'000'000'000);
        add_param(notice, "community-gift-id", number);
        add_param(notice, "origin-id", number);
    }
    auto heard = tell_one(chat, notice);
    for (std::uint64_t i = 1; i <= gifts_of(notice); ++i) heard += tell_gift(chat, notice, i);
    return heard;
}

const char* read_params(std::string_view words, UserNotice& into) {
    while (!words.empty()) {
        if (words.starts_with(':')) {
            into.text = words.substr(1);
            return nullptr;
        }
        const auto word = next_word(words);
        if (word.empty()) continue;
        const auto equals = word.find('=');
        if (equals == std::string_view::npos || equals == 0) return "NAME=VALUE, or : and a text";
        into.params.emplace_back(word.substr(0, equals), plain(word.substr(equals + 1)));
    }
    return nullptr;
}

}  // namespace coven::sim
