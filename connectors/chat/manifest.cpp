// What other programs know of this connector.

#include <vector>

#include "coven/connector.hpp"
#include "send/orders.hpp"

namespace coven {

namespace {

using Kind = Setting::Kind;
using Settings = std::vector<Setting>;

std::vector<TopicDescription> topics() {
    return {
        {"twitch.chat.<channel>.message", "twitch.v1.ChatMessage", "a line of chat"},
        {"twitch.chat.<channel>.notice", "twitch.v1.ChatNotice",
         "a subscription, a gift, a raid, an announcement ..."},
        {"twitch.chat.<channel>.clear", "twitch.v1.ChatClear",
         "a room was cleared, somebody was timed out or banned"},
        {"twitch.chat.<channel>.deleted", "twitch.v1.ChatDeleted", "a message was taken away"},
        {"twitch.chat.<channel>.room", "twitch.v1.ChatRoom", "who may write in a room (a state)"},
        {"twitch.chat.<channel>.user_state", "twitch.v1.ChatUserState",
         "what our account is in a room"},
        {"twitch.chat.-.global_user_state", "twitch.v1.ChatUserState",
         "what our account is everywhere"},
        {"twitch.chat.<channel>.server_notice", "twitch.v1.ChatServerNotice",
         "what Twitch says to us; channel - where it concerns none"},
        {"twitch.chat.<channel>.join", "twitch.v1.ChatMember", "a viewer came (chat.membership)"},
        {"twitch.chat.<channel>.part", "twitch.v1.ChatMember", "a viewer left (chat.membership)"},
        {"twitch.chat.-.whisper", "twitch.v1.ChatWhisper",
         "somebody wrote to our account alone (chat.whispers)"},
        {"twitch.chat.<channel>.raw", "twitch.v1.ChatRaw", "a line that has no type of its own"},
        {"twitch.chat.<channel>.gap", "coven.v1.SourceGap",
         "a time in which lines were missed; channel - for those that concern none"},
        {"twitch.chat.<channel>.sent", "twitch.v1.ChatSent", "what became of a line of ours"},
    };
}

Settings reading() {
    return {
        {"chat.channels", Kind::list, "", "logins of the channels to read"},
        {"chat.join_limit", Kind::number, "18", "joins within chat.join_window", "1..100000"},
        // Waits of nothing at all would keep the machine busy.
        {"chat.join_window", Kind::duration, "12s", "the stretch of time that join_limit is for",
         "1s.."},
        {"chat.join_answer_limit", Kind::duration, "15s", "how long a join may stay unanswered",
         "1s.."},
        {"chat.connect_every", Kind::duration, "2s", "between the beginnings of two connections",
         "10ms.."},
        {"chat.rooms_per_connection", Kind::number, "90", "rooms that one connection is in",
         "1..1000"},
        {"chat.read_as", Kind::list, "",
         "accounts that join rooms; those beyond their limits are joined without an account"},
        {"chat.rooms_per_account", Kind::number, "100",
         "rooms that an account is in; Twitch lets it be in 100 that it does not moderate",
         "1..100000"},
        {"chat.refused_retry", Kind::duration, "5m", "when a refused channel is tried again",
         "1s.."},
        {"chat.ping_every", Kind::duration, "30s", "how often the connection is probed", "1s.."},
        {"chat.pong_limit", Kind::duration, "10s", "how long the answer to a probe may take",
         "1s.."},
    };
}

Settings writing() {
    return {
        {"chat.accounts", Kind::list, "",
         "logins of the accounts that may write; empty = all that are logged in"},
        {"chat.default_account", Kind::text, "",
         "who writes where nobody is named; empty = the first account"},
        {"chat.send_window", Kind::duration, "30s",
         "the stretch of time that Twitch's limits of 20 and 100 lines are for", "1s.."},
        {"chat.send_answer_limit", Kind::duration, "10s",
         "how long Twitch's word on a written line may take", "1s.."},
        {"chat.data", Kind::path, "",
         "folder for when lines were sent; default $STATE_DIRECTORY/chat or "
         "~/.local/state/coven/chat"},
    };
}

Settings telling() {
    return {
        {"chat.keep_raw", Kind::flag, "true", "whether events carry the line as Twitch sent it"},
        {"chat.membership", Kind::flag, "false", "whether to tell which viewers join and part"},
        {"chat.whispers", Kind::flag, "false", "whether to tell what is whispered to the account"},
        {"chat.deleted_text", Kind::flag, "true",
         "whether the event of a deletion repeats what was deleted"},
    };
}

Settings all_settings() {
    auto all = reading();
    for (const auto& more : {writing(), telling()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

}  // namespace

Manifest manifest() {
    Manifest manifest;
    manifest.kind = "chat";
    manifest.summary = "reads Twitch's chat, without an account, and writes to it with one";
    manifest.topics = topics();
    manifest.verbs = {chat::chat_verbs.begin(), chat::chat_verbs.end()};
    // To read with an account and to write with it. What moderators do is asked for by who does it.
    manifest.optional_scopes = {"chat:read", "user:write:chat"};
    manifest.settings = all_settings();
    manifest.examples = {
        {"coven-chat --channels xqc,pajlada", "read two channels of the real Twitch"},
        {"coven-chat --channels demo --twitch-chat-url ws://127.0.0.1:8080",
         "read from a coven-sim on this machine"},
        {"COVEN_CHAT_CHANNELS=xqc coven-chat --log-format json", "the same in a container"},
    };
    return manifest;
}

}  // namespace coven
