#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat.hpp"

namespace coven::sim {

/// Something that Twitch itself says in a channel: a subscription, a raid, an announcement.
struct UserNotice {
    std::string channel;
    /// Whom it is about.
    std::string login;
    /// Its msg-id: "resub".
    std::string kind;
    /// Names without "msg-param-", values plain. What is usual for the kind and missing is added.
    std::vector<std::pair<std::string, std::string>> params = {};
    /// What the user says with it.
    std::string text = {};
};

/// Tells it to all in the channel, and in those that share its chat. Many gifts at once
/// ("submysterygift") are followed by each of them. How many connections heard it.
std::size_t tell(Chat& chat, UserNotice notice);

/// `words` are `name=value …`, spaces in values as "\s", and perhaps ":" and the user's text. What
/// was expected instead, or nothing.
const char* read_params(std::string_view words, UserNotice& into);

}  // namespace coven::sim
