#include "line_events/user_state.hpp"

#include <algorithm>

#include "coven/lower_case.hpp"
#include "coven/utf8.hpp"
#include "line_events/said.hpp"
#include "line_events/tag_bag.hpp"
#include "text_spans.hpp"

namespace chat {

namespace {

using twitch::v1::ChatUserState;
using twitch::v1::ChatWhisper;

std::string name_in(TagBag& tags, const std::string& login) {
    auto name = tags.take("display-name");
    return name.empty() ? login : name;
}

/// "0,33,50".
void take_emote_sets(TagBag& tags, ChatUserState& state) {
    const auto text = tags.take("emote-sets");
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto set = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(set.size() + 1, rest.size()));
        if (!set.empty()) state.add_emote_sets(std::string(set));
    }
}

}  // namespace

ChatUserState read_user_state(const IrcLine& line, std::string_view own_login) {
    TagBag tags(line.tags());
    ChatUserState state;
    state.set_user_id(tags.take("user-id"));
    state.set_user_login(std::string(own_login));
    state.set_display_name(name_in(tags, state.user_login()));
    state.set_color(tags.take("color"));
    tags.take_badges("badges", *state.mutable_badges());
    tags.take_badges("badge-info", *state.mutable_badge_info());
    state.set_moderator(tags.take_flag("mod"));
    state.set_subscriber(tags.take_flag("subscriber"));
    state.set_turbo(tags.take_flag("turbo"));
    state.set_user_type(tags.take("user-type"));
    take_emote_sets(tags, state);
    state.set_message_id(tags.take("id"));
    state.set_client_nonce(tags.take("client-nonce"));
    tags.pour_into(*state.mutable_other_tags());
    return state;
}

ChatWhisper read_whisper(const IrcLine& line) {
    TagBag tags(line.tags());
    ChatWhisper whisper;
    whisper.set_message_id(tags.take("message-id"));
    whisper.set_thread_id(tags.take("thread-id"));
    whisper.set_user_id(tags.take("user-id"));
    whisper.set_user_login(coven::lower_case(coven::to_utf8(line.nick())));
    whisper.set_display_name(name_in(tags, whisper.user_login()));
    whisper.set_color(tags.take("color"));
    tags.take_badges("badges", *whisper.mutable_badges());
    whisper.set_turbo(tags.take_flag("turbo"));
    whisper.set_user_type(tags.take("user-type"));
    whisper.set_recipient_login(coven::lower_case(coven::to_utf8(line.parameter(0))));
    auto said = said_in(line);
    TextSpans spans;
    spans.set_text(said.text);
    spans.read_emotes(tags.take("emotes"), *whisper.mutable_emotes());
    whisper.set_text(std::move(said.text));
    whisper.set_action(said.action);
    tags.pour_into(*whisper.mutable_other_tags());
    return whisper;
}

std::string id_of(const ChatWhisper& whisper) {
    if (whisper.message_id().empty() || whisper.thread_id().empty()) return {};
    return "whisper-" + whisper.thread_id() + "-" + whisper.message_id();
}

}  // namespace chat
