#include <array>
#include <optional>
#include <utility>

#include "moderation.hpp"
#include "replies.hpp"
#include "user_notice.hpp"
#include "verb_table.hpp"

namespace coven::sim {
namespace {

/// What becomes known by being named.
Chat& meet(ChatServer& server, const Command& command) {
    for (const auto& name : {command.channel, command.login}) {
        if (is_login(name)) server.users().meet(name);
    }
    return server.chat();
}

std::size_t give_role(ChatServer& server, const Command& command) {
    auto& chat = meet(server, command);
    auto& rules = chat.book.of(command.channel);
    const auto& role = command.word;
    if (role == "subscriber") {
        rules.subscribers.insert(command.login);
    } else if (role == "follower") {
        rules.followers.insert_or_assign(command.login, chat.clock.instant());
    } else if (role == "none") {
        chat.book.set_role(command.channel, command.login, Role::viewer);
        rules.subscribers.erase(command.login);
        rules.followers.erase(command.login);
    } else {
        chat.book.set_role(command.channel, command.login,
                           role == "vip" ? Role::vip : Role::moderator);
    }
    return 0;
}

std::size_t use_mode(ChatServer& server, const Command& command) {
    return set_mode(meet(server, command), command.channel, command.word, command.text);
}

std::size_t time_out(ChatServer& server, const Command& command) {
    return ban(meet(server, command), command.channel, command.login, command.time);
}

std::size_t ban_for_ever(ChatServer& server, const Command& command) {
    return ban(meet(server, command), command.channel, command.login, std::nullopt);
}

std::size_t take_back_ban(ChatServer& server, const Command& command) {
    unban(meet(server, command), command.channel, command.login);
    return 0;
}

std::size_t clear_room(ChatServer& server, const Command& command) {
    return clear(meet(server, command), command.channel);
}

std::size_t delete_one(ChatServer& server, const Command& command) {
    auto& chat = server.chat();
    auto* message = chat.recent.find(command.channel, command.word);
    if (message == nullptr) message = chat.recent.last_of(command.channel, command.word);
    return message == nullptr ? 0 : delete_message(chat, *message);
}

std::size_t give_notice(ChatServer& server, const Command& command) {
    return server.send_raw(notice(command.word, "#" + command.channel, command.text));
}

std::size_t give_user_notice(ChatServer& server, const Command& command) {
    UserNotice notice{.channel = command.channel, .login = command.login, .kind = command.word};
    read_params(command.text, notice);
    return tell(server.chat(), std::move(notice));
}

std::size_t whisper(ChatServer& server, const Command& command) {
    auto& chat = meet(server, command);
    const auto from = server.meet(command.login);
    const auto to = server.meet(command.word);
    std::string line("@badges=;color=;display-name=");
    line.append(escape_tag(from.display_name)).append(";emotes=;message-id=1;thread-id=");
    line.append(from.id).append("_").append(to.id).append(";turbo=0;user-id=").append(from.id);
    line.append(";user-type= :").append(from.login).append("!").append(from.login).append("@");
    line.append(from.login).append(".tmi.twitch.tv WHISPER ").append(to.login).append(" :");
    line.append(command.text);
    const auto& sessions = chat.attendance.sessions(to.login);
    for (Member* session : sessions) session->hear(ServerLine(line));
    return sessions.size();
}

std::size_t share_chats(ChatServer& server, const Command& command) {
    auto& chat = meet(server, command);
    server.meet(command.word);
    share(chat, command.channel, command.word);
    return 0;
}

std::size_t end_share(ChatServer& server, const Command& command) {
    unshare(server.chat(), command.channel);
    return 0;
}

std::size_t gag(ChatServer& server, const Command& command) {
    auto& chat = meet(server, command);
    const auto end = chat.clock.instant() + command.time;
    chat.limits.silence(chat.users.person(command.login).id, end);
    return 0;
}

std::size_t refuse_sends(ChatServer& server, const Command& command) {
    server.chat().refusals.refuse(command.word, command.number, command.text);
    return 0;
}

/// What those see who have asked for membership.
std::size_t show_move(ChatServer& server, const Command& command, std::string_view verb) {
    auto& chat = meet(server, command);
    const auto& login = command.login;
    const auto line = ":" + login + "!" + login + "@" + login + ".tmi.twitch.tv " +
                      std::string(verb) + " #" + command.channel;
    std::size_t seen = 0;
    for (Member* member : chat.rooms.members(command.channel)) {
        if (!member->capabilities().membership) continue;
        member->hear(ServerLine(line));
        ++seen;
    }
    return seen;
}

std::size_t come(ChatServer& server, const Command& command) {
    return show_move(server, command, "JOIN");
}

std::size_t go(ChatServer& server, const Command& command) {
    return show_move(server, command, "PART");
}

constexpr std::array all = {
    Verb{"role",
         {&argument::channel, &argument::user, &argument::role},
         give_role,
         "ROLE: moderator, vip, subscriber, follower (from now on) or none"},
    Verb{"mode",
         {&argument::channel, &argument::mode, &argument::mode_value},
         use_mode,
         "MODE: emote-only, subs-only, unique: on, off; slow, followers-only: seconds, minutes, "
         "off"},
    Verb{"timeout",
         {&argument::channel, &argument::user, &argument::time},
         time_out,
         "CLEARCHAT, and not heard for so long"},
    Verb{"ban",
         {&argument::channel, &argument::user},
         ban_for_ever,
         "CLEARCHAT, thrown out with an own PART, and not let in any more"},
    Verb{"unban", {&argument::channel, &argument::user}, take_back_ban, "ends both"},
    Verb{"clear", {&argument::channel}, clear_room, "CLEARCHAT of a whole channel"},
    Verb{"delete",
         {&argument::channel, &argument::message},
         delete_one,
         "CLEARMSG of a message, by its id, or of the last one of a login"},
    Verb{"notice",
         {&argument::channel, &argument::message_kind, &argument::text},
         give_notice,
         "a NOTICE to a channel: slow_on, tos_ban …"},
    Verb{"usernotice",
         {&argument::channel, &argument::user, &argument::message_kind, &argument::params},
         give_user_notice,
         "MSG_ID: sub, resub, subgift, submysterygift (and its gifts), raid …; NAME=VALUE … :TEXT"},
    Verb{"whisper",
         {&argument::user, &argument::other, &argument::text},
         whisper,
         "from the first to the second"},
    Verb{"share",
         {&argument::channel, &argument::other},
         share_chats,
         "two channels share their chats from now on"},
    Verb{"unshare", {&argument::channel}, end_share, "a channel leaves its shared chat"},
    Verb{"come",
         {&argument::channel, &argument::user},
         come,
         "JOIN of somebody, to those with membership"},
    Verb{"go", {&argument::channel, &argument::user}, go, "PART of the same"},
    Verb{"gag",
         {&argument::user, &argument::time},
         gag,
         "do not hear an account for so long, as one that says too much; 0s ends it"},
    Verb{"refuse-sends",
         {&argument::whose, &argument::count, &argument::refusal},
         refuse_sends,
         "refuse the next NUMBER messages to #CHANNEL or of LOGIN with this msg-id; 0 = no more"},
};

}  // namespace

std::span<const Verb> room_verbs() { return all; }

}  // namespace coven::sim
