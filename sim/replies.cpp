#include "replies.hpp"

#include "chat_message.hpp"

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

std::string global_user_state(std::string_view login) {
    std::string line("@badge-info=;badges=;color=;display-name=");
    line.append(login).append(";emote-sets=0;user-id=").append(numeric_id(login));
    return line.append(";user-type= ").append(server).append("GLOBALUSERSTATE");
}

std::string user_state(std::string_view login, std::string_view room, std::string_view more_tags) {
    std::string line("@badge-info=;badges=;");
    if (!more_tags.empty()) line.append(more_tags).append(";");
    line.append("color=;display-name=").append(login);
    line.append(";emote-sets=0;mod=0;subscriber=0;user-type= ").append(server);
    return line.append("USERSTATE #").append(room);
}

std::string room_state(std::string_view room) {
    std::string line("@emote-only=0;followers-only=-1;r9k=0;room-id=");
    line.append(numeric_id(room)).append(";slow=0;subs-only=0 ").append(server);
    return line.append("ROOMSTATE #").append(room);
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
