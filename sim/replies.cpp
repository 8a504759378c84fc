#include "replies.hpp"

#include "irc_line.hpp"

namespace coven::sim {
namespace {

constexpr std::string_view server = ":tmi.twitch.tv ";
constexpr std::size_t names_per_line = 40;

std::string numeric(std::string_view number, std::string_view login, std::string_view text) {
    return std::string(server).append(number).append(" ").append(login).append(" :").append(text);
}

std::string of_user(std::string_view login, std::string_view number) {
    std::string line(":");
    return line.append(login).append(".tmi.twitch.tv ").append(number).append(" ").append(login);
}

}  // namespace

std::vector<std::string> welcome_lines(std::string_view login) {
    return {numeric("001", login, "Welcome, GLHF!"),
            numeric("002", login, "Your host is tmi.twitch.tv"),
            numeric("003", login, "This server is rather new"),
            numeric("004", login, "-"),
            numeric("375", login, "-"),
            numeric("372", login, "You are in a maze of twisty passages, all alike."),
            numeric("376", login, ">")};
}

std::string global_user_state(const Person& person) {
    std::string line("@badge-info=;badges=;color=");
    line.append(person.color).append(";display-name=").append(escape_tag(person.display_name));
    line.append(";emote-sets=0;user-id=").append(person.id).append(";user-type= ");
    return line.append(server).append("GLOBALUSERSTATE");
}

std::string user_state(const Person& person, std::string_view room, std::string_view more_tags) {
    const bool is_moderator = wears(person, "moderator");
    std::string line("@badge-info=");
    line.append(person.badge_info).append(";badges=").append(person.badges).append(";");
    if (!more_tags.empty()) line.append(more_tags).append(";");
    line.append("color=").append(person.color);
    line.append(";display-name=").append(escape_tag(person.display_name));
    line.append(";emote-sets=0;mod=").append(is_moderator ? "1" : "0");
    line.append(";subscriber=").append(wears(person, "subscriber") ? "1" : "0");
    line.append(";user-type=").append(is_moderator ? "mod" : "");
    if (wears(person, "vip")) line.append(";vip=1");
    return line.append(" ").append(server).append("USERSTATE #").append(room);
}

std::string room_state(std::string_view room, const RoomModes& modes) {
    std::string line("@emote-only=");
    line.append(modes.emote_only ? "1" : "0").append(";followers-only=");
    line.append(std::to_string(modes.followers_only))
        .append(";r9k=")
        .append(modes.unique ? "1" : "0");
    line.append(";room-id=").append(numeric_id(room)).append(";slow=");
    line.append(std::to_string(modes.slow))
        .append(";subs-only=")
        .append(modes.subs_only ? "1" : "0");
    return line.append(" ").append(server).append("ROOMSTATE #").append(room);
}

std::string notice(std::string_view msg_id, std::string_view target, std::string_view text) {
    std::string line;
    if (!msg_id.empty()) line.append("@msg-id=").append(msg_id).append(" ");
    return line.append(server).append("NOTICE ").append(target).append(" :").append(text);
}

std::vector<std::string> name_lines(std::string_view login, std::string_view room,
                                    const std::vector<Member*>& members) {
    std::vector<std::string> lines;
    std::size_t names = 0;
    for (const Member* member : members) {
        const bool starts_line = names++ % names_per_line == 0;
        if (starts_line) lines.push_back(of_user(login, "353").append(" = #").append(room));
        lines.back().append(starts_line ? " :" : " ").append(member->login());
    }
    lines.push_back(of_user(login, "366").append(" #").append(room).append(" :End of /NAMES list"));
    return lines;
}

}  // namespace coven::sim
