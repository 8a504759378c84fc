#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "coven/clock.hpp"

namespace coven::sim {

/// Somebody as the tags of a message show them.
struct Person {
    std::string login;
    std::string display_name;
    std::string id;
    /// "#RRGGBB" or nothing.
    std::string color;
    /// Example: "subscriber/12,premium/1".
    std::string badges;
    /// Example: "subscriber/14".
    std::string badge_info;
};

/// What a reply answers.
struct Parent {
    std::string id;
    std::string login;
    std::string display_name;
    std::string user_id;
    std::string text;
};

/// One chat message as Twitch would tell it. Texts are plain; tags are escaped when it is written.
struct ChatMessage {
    enum class Voice { plain, action };

    Person from;
    std::string channel;
    std::string id;
    std::string text;
    Voice voice = Voice::plain;
    /// Code points, first and last: "25:0-4,8-12/1902:14-18".
    std::string emotes;
    std::string client_nonce;
    /// Further tags, written out: "bits=100", "msg-id=highlighted-message".
    std::string more_tags;
    std::optional<Parent> parent;
    bool is_first = false;
    bool is_returning = false;
    Time sent;
};

/// Whether `person` has a badge of that set: "moderator".
bool wears(const Person& person, std::string_view badge);

/// Appends `message` as the line of a PRIVMSG, without CR LF.
void append_line(std::string& out, const ChatMessage& message);

/// The number that stands for a channel or a login in tags; always the same for the same name.
std::string numeric_id(std::string_view name);

/// A random UUID of version 4, the form of Twitch's message ids.
std::string uuid_v4(std::mt19937_64& random);

/// Who says `line`, a PRIVMSG with tags; nothing when it does not tell.
std::optional<Person> speaker_of(std::string_view line);

/// Somebody whose account says nothing but the name.
Person plain_person(std::string_view login);

}  // namespace coven::sim
