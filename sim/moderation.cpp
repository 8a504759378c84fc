#include "moderation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "replies.hpp"

namespace coven::sim {
namespace {

constexpr std::string_view server = " :tmi.twitch.tv ";

std::string sent_now(const Chat& chat) {
    return std::to_string(microseconds_since_epoch(chat.clock.now()) / 1000);
}

/// "off", "on" or a number.
std::optional<std::int64_t> value_of_mode(std::string_view text) {
    if (text == "off") return -1;
    if (text == "on") return 1;
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const bool is_one = read.ec == std::errc() && read.ptr == end && number >= 0;
    return is_one ? std::optional(number) : std::nullopt;
}

/// One mode: its tag, and how it is set.
struct Mode {
    std::string_view name;
    enum class Takes { switching, number } takes;
    /// What the tag says then.
    std::string (*set)(RoomModes&, std::int64_t value);
    std::string_view tag;
    /// msg-id and text of the notice.
    std::string_view on;
    std::string_view on_text;
    std::string_view off;
    std::string_view off_text;
};

constexpr std::array<Mode, 5> modes = {{
    {"emote-only", Mode::Takes::switching,
     [](RoomModes& all, std::int64_t value) {
         return std::string((all.emote_only = value > 0) ? "1" : "0");
     },
     "emote-only", "emote_only_on", "This room is now in emote-only mode.", "emote_only_off",
     "This room is no longer in emote-only mode."},
    {"followers-only", Mode::Takes::number,
     [](RoomModes& all, std::int64_t value) { return std::to_string(all.followers_only = value); },
     "followers-only", "followers_on", "This room is now in followers-only mode.", "followers_off",
     "This room is no longer in followers-only mode."},
    {"slow", Mode::Takes::number,
     [](RoomModes& all, std::int64_t value) {
         all.slow = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
         return std::to_string(all.slow);
     },
     "slow", "slow_on", "This room is now in slow mode.", "slow_off",
     "This room is no longer in slow mode."},
    {"subs-only", Mode::Takes::switching,
     [](RoomModes& all, std::int64_t value) {
         return std::string((all.subs_only = value > 0) ? "1" : "0");
     },
     "subs-only", "subs_on", "This room is now in subscribers-only mode.", "subs_off",
     "This room is no longer in subscribers-only mode."},
    {"unique", Mode::Takes::switching,
     [](RoomModes& all, std::int64_t value) {
         return std::string((all.unique = value > 0) ? "1" : "0");
     },
     "r9k", "r9k_on", "This room is now in unique-chat mode.", "r9k_off",
     "This room is no longer in unique-chat mode."},
}};

const Mode* find_mode(std::string_view name) {
    const auto* const found = std::ranges::find(modes, name, &Mode::name);
    return found == modes.end() ? nullptr : found;
}

void leave_share(Chat& chat, const std::string& channel, const std::string& partner) {
    std::erase(chat.book.of(partner).partners, channel);
}

}  // namespace

std::size_t ban(Chat& chat, std::string_view channel, std::string_view login,
                std::optional<Duration> time) {
    auto& bans = chat.book.of(channel).bans;
    std::optional<Instant> end;
    if (time) end = chat.clock.instant() + *time;
    bans.insert_or_assign(std::string(login), end);
    using std::chrono::ceil;
    using std::chrono::seconds;
    std::string line("@");
    if (time) {
        line.append("ban-duration=").append(std::to_string(ceil<seconds>(*time).count()));
        line.append(";");
    }
    line.append("room-id=").append(chat.users.person(channel).id);
    line.append(";target-user-id=").append(chat.users.person(login).id);
    line.append(";tmi-sent-ts=").append(sent_now(chat)).append(server).append("CLEARCHAT #");
    line.append(channel).append(" :").append(login);
    const auto seen = chat.tell(ServerLine(line), nullptr);
    if (time) return seen;
    for (Member* session : chat.attendance.sessions(login)) session->leave(channel);
    return seen;
}

bool unban(Chat& chat, std::string_view channel, std::string_view login) {
    const bool is_banned =
        ban_left(chat.book.look(channel), login, chat.clock.instant()).has_value();
    if (is_banned) chat.book.of(channel).bans.erase(std::string(login));
    return is_banned;
}

std::size_t clear(Chat& chat, std::string_view channel) {
    std::string line("@room-id=");
    line.append(chat.users.person(channel).id).append(";tmi-sent-ts=").append(sent_now(chat));
    line.append(server).append("CLEARCHAT #").append(channel);
    return chat.tell(ServerLine(line), nullptr);
}

std::size_t delete_message(Chat& chat, RecentMessage& message) {
    message.is_deleted = true;
    std::string line("@login=");
    line.append(message.login).append(";room-id=").append(chat.users.person(message.channel).id);
    line.append(";target-msg-id=").append(message.id).append(";tmi-sent-ts=");
    line.append(sent_now(chat)).append(server).append("CLEARMSG #").append(message.channel);
    line.append(" :").append(message.text);
    return chat.tell(ServerLine(line), nullptr);
}

const char* mode_fault(std::string_view mode, std::string_view value) {
    const auto* const found = find_mode(mode);
    if (found == nullptr) return "a mode: emote-only, followers-only, slow, subs-only or unique";
    const auto number = value_of_mode(value);
    if (found->takes == Mode::Takes::number) {
        return number && value != "on" ? nullptr : "a number (minutes, for slow seconds) or off";
    }
    return value == "on" || value == "off" ? nullptr : "on or off";
}

std::size_t set_mode(Chat& chat, std::string_view channel, std::string_view mode,
                     std::string_view value) {
    const auto* const found = find_mode(mode);
    const auto number = value_of_mode(value);
    if (found == nullptr || !number) return 0;
    auto& rules = chat.book.of(channel);
    const auto tag = found->set(rules.modes, *number);
    if (!rules.modes.unique) rules.texts.clear();
    std::string line("@");
    line.append(found->tag).append("=").append(tag).append(";room-id=");
    line.append(chat.users.person(channel).id).append(server).append("ROOMSTATE #");
    line.append(channel);
    const auto seen = chat.tell(ServerLine(line), nullptr);
    const auto room = "#" + std::string(channel);
    const bool is_zero = found->on == "followers_on" && *number == 0;
    const auto id = *number < 0 ? std::string(found->off) : std::string(found->on);
    const auto text = *number < 0 ? found->off_text : found->on_text;
    chat.tell(ServerLine(notice(is_zero ? id + "_zero" : id, room, text)), nullptr);
    return seen;
}

void share(Chat& chat, std::string_view first, std::string_view second) {
    std::vector<std::string> all{std::string(first), std::string(second)};
    for (const auto name : {first, second}) {
        const auto& partners = chat.book.look(name).partners;
        all.insert(all.end(), partners.begin(), partners.end());
    }
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (const auto& channel : all) {
        auto partners = all;
        std::erase(partners, channel);
        chat.book.of(channel).partners = std::move(partners);
    }
}

bool unshare(Chat& chat, std::string_view channel) {
    const std::string name(channel);
    const auto partners = std::exchange(chat.book.of(name).partners, {});
    for (const auto& partner : partners) leave_share(chat, name, partner);
    return !partners.empty();
}

}  // namespace coven::sim
