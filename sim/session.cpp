#include "session.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "chat_message.hpp"
#include "replies.hpp"

namespace coven::sim {
namespace {

/// Twitch tells nobody who comes and goes in rooms above this.
/// https://dev.twitch.tv/docs/chat/irc/#twitch-specific-irc-capabilities (read 2026-11-22)
constexpr std::size_t most_members_with_names = 1000;
/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22)
constexpr std::size_t most_code_points = 500;

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

std::string_view first_code_points(std::string_view text, std::size_t most) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_one = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (starts_one && ++seen > most) return text.substr(0, i);
    }
    return text;
}

/// What a client wrote after "PRIVMSG #room :", understood.
ChatMessage message_of(std::string_view text) {
    constexpr std::string_view action = "\1ACTION ";
    ChatMessage message;
    for (const auto prefix : {action, std::string_view("/me ")}) {
        if (!text.starts_with(prefix)) continue;
        message.voice = ChatMessage::Voice::action;
        text.remove_prefix(prefix.size());
        if (text.ends_with('\x01')) text.remove_suffix(1);
    }
    message.text = first_code_points(text, most_code_points);
    return message;
}

}  // namespace

Session::~Session() {
    for (const auto& room : rooms_) chat_.rooms.leave(room, *this);
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
    if (const char* fault = login_fault(attempt, chat_.rules)) {
        wire_.send(notice("", "*", fault));
        return wire_.hang_up(fault);
    }
    login_ = login_of(attempt, chat_.rules);
    if (!is_anonymous(login_)) chat_.users.meet(login_);
    welcome();
}

void Session::welcome() {
    for (const auto& line : welcome_lines(login_)) reply(line);
    if (!is_anonymous(login_)) reply(global_user_state(login_));
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
    enter(std::string(room));
}

void Session::enter(const std::string& room) {
    if (!chat_.rooms.enter(room, *this)) return;
    if (is_login(room)) chat_.users.meet(room);
    rooms_.insert(room);
    const auto line = prefix() + "JOIN #" + room;
    reply(line);
    tell_members(room, line);
    tell_names(room);
    if (!is_anonymous(login_)) reply(user_state(login_, room, ""));
    reply(room_state(room));
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
    if (is_anonymous(login_) || !target.starts_with('#')) return;
    auto message = message_of(line.param(1));
    if (message.text.empty()) return;
    if (message.voice == ChatMessage::Voice::plain && message.text.starts_with('/')) {
        return reply(notice("unrecognized_cmd", target, "Unrecognized command: " + message.text));
    }
    message.channel = target.substr(1);
    message.from = chat_.users.person(login_);
    message.id = uuid_v4(chat_.random);
    message.client_nonce = tag_value(line.tags, "client-nonce");
    message.sent = chat_.clock.now();
    const auto parent = tag_value(line.tags, "reply-parent-msg-id");
    if (!parent.empty()) message.more_tags = "reply-parent-msg-id=" + std::string(parent);
    std::string text;
    append_line(text, message);
    chat_.rooms.tell(message.channel, ServerLine(text), this);
    auto tags = "id=" + message.id;
    if (!message.client_nonce.empty()) tags.append(";client-nonce=").append(message.client_nonce);
    reply(user_state(login_, message.channel, tags));
}

void Session::reply(const std::string& line) {
    const auto seen = ServerLine(line).seen_with(capabilities_);
    if (!seen.empty()) wire_.send(seen);
}

std::string Session::prefix() const {
    return ":" + login_ + "!" + login_ + "@" + login_ + ".tmi.twitch.tv ";
}

}  // namespace coven::sim
