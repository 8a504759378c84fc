#include "session.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "coven/lower_case.hpp"
#include "login_check.hpp"
#include "replies.hpp"
#include "sending.hpp"

namespace coven::sim {
namespace {

/// Twitch tells nobody who comes and goes in rooms above this.
/// https://dev.twitch.tv/docs/chat/irc/#twitch-specific-irc-capabilities (read 2026-11-22)
constexpr std::size_t most_members_with_names = 1000;

/// Calls `use` with each part of `list` that is not empty.
template <class Use>
void for_each_part(std::string_view list, char separator, Use use) {
    while (!list.empty()) {
        const auto end = std::min(list.find(separator), list.size());
        if (end > 0) use(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

/// The switch that `name` stands for, or nullptr.
bool* find_capability(Capabilities& capabilities, std::string_view name) {
    if (name == "twitch.tv/tags") return &capabilities.tags;
    if (name == "twitch.tv/commands") return &capabilities.commands;
    if (name == "twitch.tv/membership") return &capabilities.membership;
    return nullptr;
}

}  // namespace

Session::~Session() {
    for (const auto& room : rooms_) {
        chat_.rooms.leave(room, *this);
        chat_.attendance.leave(login_, room);
    }
    if (is_logged_in()) chat_.attendance.go(*this);
}

const Session::Entry* Session::find(std::string_view command) {
    static constexpr std::array<Entry, 9> entries = {{
        {"CAP", &Session::capability, false},
        {"PASS", &Session::password, false},
        {"NICK", &Session::nick, false},
        {"PING", &Session::ping, false},
        {"PONG", &Session::pong, false},
        {"QUIT", &Session::quit, false},
        {"JOIN", &Session::join, true},
        {"PART", &Session::part, true},
        {"PRIVMSG", &Session::say, true},
    }};
    const auto* const found = std::ranges::find(entries, command, &Entry::command);
    return found == entries.end() ? nullptr : found;
}

void Session::receive(std::string_view text) {
    const auto line = parse_client_line(text);
    if (line.command.empty()) return;
    const auto* const entry = find(line.command);
    if (entry == nullptr) {
        const auto unknown = std::string(line.command);
        return reply(":tmi.twitch.tv 421 " + (is_logged_in() ? login_ : "*") + " " + unknown +
                     " :Unknown command");
    }
    if (entry->needs_login && !is_logged_in()) return;
    (this->*entry->verb)(line);
}

void Session::hear(const ServerLine& line) {
    const auto seen = line.seen_with(capabilities_);
    if (!seen.empty()) wire_.tell(seen);
}

void Session::ask() {
    answered_ = false;
    reply("PING :tmi.twitch.tv");
}

void Session::capability(const ClientLine& line) {
    if (line.param(0) == "LS") {
        return reply(
            ":tmi.twitch.tv CAP * LS :twitch.tv/tags twitch.tv/commands twitch.tv/membership");
    }
    if (line.param(0) != "REQ") return;
    // All or nothing, https://ircv3.net/specs/extensions/capability-negotiation (read 2026-11-22).
    auto wanted = capabilities_;
    bool known = true;
    for_each_part(line.param(1), ' ', [&](std::string_view name) {
        bool* const one = find_capability(wanted, name);
        if (one != nullptr) *one = true;
        known = known && one != nullptr;
    });
    if (known) capabilities_ = wanted;
    reply(std::string(":tmi.twitch.tv CAP * ") + (known ? "ACK" : "NAK") + " :" +
          std::string(line.param(1)));
}

void Session::password(const ClientLine& line) { password_ = line.param(0); }

void Session::nick(const ClientLine& line) {
    if (is_logged_in()) return;
    const LoginAttempt attempt{.password = password_, .nick = lower_case(line.param(0))};
    if (chat_.logins_to_refuse > 0) {
        --chat_.logins_to_refuse;
        wire_.send(notice("", "*", chat_.login_refusal));
        return wire_.hang_up("login refused on demand");
    }
    const auto login = check_login(attempt, chat_.rules, chat_.accounts, chat_.users);
    if (login.fault != nullptr) {
        wire_.send(notice("", "*", login.fault));
        return wire_.hang_up(login.fault);
    }
    const bool is_reader = is_anonymous(login.login);
    if (!is_reader && !chat_.logins.allows(login.login, chat_.clock.instant())) {
        return wire_.hang_up("too many logins");
    }
    login_ = login.login;
    may_send_ = login.may_send;
    if (!is_reader) chat_.users.meet(login_);
    chat_.attendance.come(*this);
    welcome();
}

void Session::welcome() {
    for (const auto& line : welcome_lines(login_)) reply(line);
    if (!is_anonymous(login_)) reply(global_user_state(chat_.users.person(login_)));
}

void Session::ping(const ClientLine& line) {
    // tmi.js 1.8.5 pings without a text, knows the answer only without a prefix, and hangs up when
    // it does not come within 10 s (its lib/client.js, read 2026-11-22); it works at Twitch.
    if (line.params.empty()) return reply("PONG");
    reply(":tmi.twitch.tv PONG tmi.twitch.tv :" + std::string(line.param(0)));
}

void Session::pong(const ClientLine&) { answered_ = true; }

void Session::quit(const ClientLine&) { wire_.hang_up("quit"); }

void Session::join(const ClientLine& line) {
    for_each_part(line.param(0), ',', [this](std::string_view name) {
        if (name.size() > 1 && name.starts_with('#')) join_one(name.substr(1));
    });
}

void Session::join_one(std::string_view room) {
    if (!chat_.joins.allows(login_, chat_.clock.instant())) {
        return wire_.hang_up("too many joins");
    }
    const auto lower = lower_case(room);
    if (chat_.rules.unknown.contains(lower)) return;
    if (chat_.rules.suspended.contains(lower)) {
        return reply(notice("msg_channel_suspended", "#" + std::string(room),
                            "This channel does not exist or has been suspended."));
    }
    const auto ban = ban_left(chat_.book.look(lower), login_, chat_.clock.instant());
    const bool is_for_ever = ban && ban->count() == 0;
    if (is_for_ever) {
        const auto why = refusal("msg_banned", lower, 0);
        return reply(notice(why.code, "#" + std::string(room), why.text));
    }
    const std::string name(room);
    if (has_place_for(name)) enter(name);
}

bool Session::has_place_for(const std::string& room) const {
    const auto counts = [this](std::string_view one) {
        return !may_moderate(chat_.book.role(one, login_));
    };
    const auto& attendance = chat_.attendance;
    if (is_anonymous(login_) || attendance.sits_in(login_, room) || !counts(room)) return true;
    const auto most = chat_.rules.rooms;
    return attendance.rooms(login_) < most || attendance.rooms(login_, counts) < most;
}

void Session::enter(const std::string& room) {
    if (!chat_.rooms.enter(room, *this)) return;
    if (is_login(room)) chat_.users.meet(room);
    rooms_.insert(room);
    chat_.attendance.enter(login_, room);
    const auto line = prefix() + "JOIN #" + room;
    reply(line);
    tell_members(room, line);
    tell_names(room);
    if (!is_anonymous(login_)) reply(user_state(chat_.person_in(room, login_), room, ""));
    reply(room_state(room, chat_.book.look(room).modes));
}

void Session::part(const ClientLine& line) {
    for_each_part(line.param(0), ',', [this](std::string_view name) {
        if (name.starts_with('#')) leave(name.substr(1));
    });
}

void Session::leave(std::string_view room) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return;
    const auto line = prefix() + "PART #" + *place;
    reply(line);
    tell_members(*place, line);
    chat_.rooms.leave(*place, *this);
    chat_.attendance.leave(login_, *place);
    rooms_.erase(place);
}

void Session::tell_members(std::string_view room, const std::string& line) {
    const auto& members = chat_.rooms.members(room);
    if (members.size() > most_members_with_names) return;
    for (Member* member : members) {
        if (member != this && member->capabilities().membership) member->hear(ServerLine(line));
    }
}

void Session::tell_names(std::string_view room) {
    const auto& members = chat_.rooms.members(room);
    const bool of_all = capabilities_.membership && members.size() <= most_members_with_names;
    const std::vector<Member*> only_self{this};
    for (const auto& line : name_lines(login_, room, of_all ? members : only_self)) reply(line);
}

void Session::say(const ClientLine& line) {
    const auto target = line.param(0);
    if (is_anonymous(login_) || target.size() < 2 || !target.starts_with('#')) return;
    const std::string channel(target.substr(1));
    if (!may_send_) {
        const auto why = refusal("no_permission", channel, 0);
        return reply(notice(why.code, target, why.text));
    }
    Draft draft;
    draft.login = login_;
    draft.channel = channel;
    draft.text = line.param(1);
    draft.client_nonce = tag_value(line.tags, "client-nonce");
    draft.reply_to = tag_value(line.tags, "reply-parent-msg-id");
    draft.speaker = this;
    const auto sent = send(chat_, draft);
    if (sent.kind == Sent::Kind::refused) {
        return reply(notice(sent.refusal.code, target, sent.refusal.text));
    }
    if (sent.kind == Sent::Kind::ignored) return;
    auto tags = "id=" + sent.id;
    if (!draft.client_nonce.empty()) tags.append(";client-nonce=").append(draft.client_nonce);
    reply(user_state(chat_.person_in(channel, login_), channel, tags));
}

void Session::reply(const std::string& line) {
    const auto seen = ServerLine(line).seen_with(capabilities_);
    if (!seen.empty()) wire_.send(seen);
}

std::string Session::prefix() const {
    return ":" + login_ + "!" + login_ + "@" + login_ + ".tmi.twitch.tv ";
}

}  // namespace coven::sim
