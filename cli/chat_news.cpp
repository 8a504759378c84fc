#include "chat_news.hpp"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "chat_line.hpp"
#include "safe_text.hpp"
#include "twitch/v1/chat_notice.pb.h"
#include "twitch/v1/chat_room.pb.h"
#include "twitch/v1/chat_user.pb.h"

namespace coven::cli {

namespace {

using twitch::v1::ChatClear;
using twitch::v1::ChatDeleted;
using twitch::v1::ChatMember;
using twitch::v1::ChatNotice;
using twitch::v1::ChatRaw;
using twitch::v1::ChatRoom;
using twitch::v1::ChatServerNotice;
using twitch::v1::ChatUserState;
using twitch::v1::ChatWhisper;

/// Sets a happening off from what people write.
std::string news(const std::string& text, const Paint& paint) {
    return paint.dim("--") + " " + text;
}

std::string seconds_text(std::uint64_t seconds) {
    const bool is_minutes = seconds > 0 && seconds % 60 == 0;
    return is_minutes ? fmt::format("{} min", seconds / 60) : fmt::format("{} s", seconds);
}

std::string describe(const ChatNotice& notice, const Paint& paint) {
    const auto& what = notice.system_message();
    auto text = news(safe_text(what.empty() ? notice.kind() : what), paint);
    // Without words of his own the sentence has said who it is, if it is one.
    if (notice.message().text().empty() && !what.empty()) return text;
    return text + " " + chat_line(notice.message(), paint);
}

std::string describe(const ChatClear& clear, const Paint& paint) {
    const auto who = safe_text(clear.target_user_login().empty() ? clear.target_user_id()
                                                                 : clear.target_user_login());
    switch (clear.kind()) {
        case ChatClear::KIND_ROOM:
            return news("the room was cleared", paint);
        case ChatClear::KIND_TIMEOUT:
            return news(who + " was timed out for " + seconds_text(clear.duration_s()), paint);
        default:
            return news(who + " was banned", paint);
    }
}

std::string describe(const ChatDeleted& deleted, const Paint& paint) {
    const auto text = deleted.text().empty() ? "" : ": " + safe_text(deleted.text());
    return news("a message of " + safe_text(deleted.user_login()) + " was deleted" + text, paint);
}

std::string describe(const ChatRoom& room, const Paint& paint) {
    std::vector<std::string> modes;
    if (room.emote_only()) modes.emplace_back("emotes only");
    if (room.followers_only() && room.followers_minutes() == 0) {
        modes.emplace_back("followers only");
    } else if (room.followers_only()) {
        modes.push_back(fmt::format("followers of {} min only", room.followers_minutes()));
    }
    if (room.subscribers_only()) modes.emplace_back("subscribers only");
    if (room.slow_s() > 0) modes.push_back("slow mode, " + seconds_text(room.slow_s()));
    if (room.unique_messages()) modes.emplace_back("unique messages only");
    if (modes.empty()) modes.emplace_back("open to all");
    return news(fmt::format("the room is now: {}", fmt::join(modes, "; ")), paint);
}

std::string describe(const ChatServerNotice& notice, const Paint& paint) {
    return news("Twitch says: " + safe_text(notice.text()), paint);
}

std::string describe(const ChatUserState& state, const Paint& paint) {
    std::string roles;
    for (const auto& badge : state.badges()) roles += (roles.empty() ? "" : " ") + badge.set();
    if (roles.empty()) roles = "no badges";
    return news("our account " + safe_text(state.user_login()) + ": " + safe_text(roles), paint);
}

std::string describe(const ChatWhisper& whisper, const Paint& paint) {
    return news("whisper of " + safe_text(whisper.user_login()) + ": " + safe_text(whisper.text()),
                paint);
}

std::string describe(const ChatRaw& raw, const Paint& paint) {
    return news("unknown line: " + safe_text(raw.line()), paint);
}

template <class Payload>
bool add(const Event& event, const Paint& paint, std::optional<std::string>& text) {
    const auto payload = event.payload_as<Payload>();
    if (payload) text = describe(*payload, paint);
    return payload.has_value();
}

template <class... Payloads>
std::optional<std::string> describe_any(const Event& event, const Paint& paint) {
    std::optional<std::string> text;
    (add<Payloads>(event, paint, text) || ...);
    return text;
}

}  // namespace

std::optional<std::string> chat_news(const Event& event, const Paint& paint) {
    if (const auto member = event.payload_as<ChatMember>()) {
        const char* what = event.topic().ends_with(".part") ? " left" : " came";
        return news(safe_text(member->user_login()) + what, paint);
    }
    return describe_any<ChatNotice, ChatClear, ChatDeleted, ChatRoom, ChatServerNotice,
                        ChatUserState, ChatWhisper, ChatRaw>(event, paint);
}

}  // namespace coven::cli
