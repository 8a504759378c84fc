#include "chat.hpp"

#include <algorithm>

namespace coven::sim {
namespace {

constexpr std::size_t longest_login = 25;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool RateLimit::allows(const std::string& account, Instant now) {
    auto& past = past_[account];
    while (!past.empty() && past.front() + per_ <= now) past.pop_front();
    if (past.size() >= most_) return false;
    past.push_back(now);
    return true;
}

bool is_login(std::string_view text) {
    const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; };
    return !text.empty() && text.size() <= longest_login && std::ranges::all_of(text, is_part);
}

bool is_anonymous(std::string_view login) {
    constexpr std::string_view prefix = "justinfan";
    return login.starts_with(prefix) && login.size() > prefix.size() &&
           std::ranges::all_of(login.substr(prefix.size()), is_digit);
}

Person Chat::person_in(std::string_view channel, std::string_view login) const {
    auto person = users.person(login);
    const auto role = book.role(channel, login);
    const auto wear = [&person](std::string_view badge) {
        if (!person.badges.empty()) person.badges += ',';
        person.badges += badge;
    };
    if (role == Role::broadcaster) wear("broadcaster/1");
    if (role == Role::moderator) wear("moderator/1");
    if (role == Role::vip) wear("vip/1");
    if (book.look(channel).subscribers.contains(login)) {
        wear("subscriber/0");
        person.badge_info = "subscriber/1";
    }
    return person;
}

std::size_t Chat::tell(const ServerLine& line, const Member* except) {
    const auto heard = rooms.tell(line.channel(), line, except);
    if (told) told(line.whole(), heard);
    return heard;
}

std::size_t Chat::say(ChatMessage& message, const Member* except) {
    if (message.id.empty()) message.id = uuid_v4(random);
    if (message.sent == Time()) message.sent = clock.now();
    if (book.is_empty()) return say_here(message, except);
    const auto& partners = book.look(message.channel).partners;
    if (partners.empty()) return say_here(message, except);
    return say_everywhere(message, partners, except);
}

std::size_t Chat::say_here(const ChatMessage& message, const Member* except) {
    recent.keep(message);
    line_.clear();
    append_line(line_, message);
    return tell(ServerLine(line_), except);
}

std::size_t Chat::say_everywhere(const ChatMessage& message,
                                 const std::vector<std::string>& partners, const Member* except) {
    auto copy = message;
    if (!copy.more_tags.empty()) copy.more_tags += ';';
    copy.more_tags.append("source-badge-info=").append(message.from.badge_info);
    copy.more_tags.append(";source-badges=").append(message.from.badges);
    copy.more_tags.append(";source-id=").append(message.id).append(";source-only=0");
    copy.more_tags.append(";source-room-id=").append(users.person(message.channel).id);
    auto heard = say_here(copy, except);
    for (const auto& partner : partners) {
        copy.id = uuid_v4(random);
        copy.channel = partner;
        const auto there = person_in(partner, message.from.login);
        copy.from.badges = there.badges;
        copy.from.badge_info = there.badge_info;
        heard += say_here(copy, except);
    }
    return heard;
}

}  // namespace coven::sim
