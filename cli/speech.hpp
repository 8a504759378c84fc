#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "command_line.hpp"
#include "coven/bus.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// How lines are to be said: what the flags of `coven say` and `coven chat` tell.
struct Manner {
    enum class Form { plain, action };

    std::string channel;
    std::string account;
    std::string reply_to;
    Form form = Form::plain;
    bool drop = false;
    std::int32_t priority = 0;
    std::chrono::milliseconds within{30000};
};

Result<Manner> manner_of(const Invocation& invocation);

/// "#Ann" → "ann"; fails where it is no login.
Result<std::string> channel_named(const std::string& word);

/// The request that has `text` said. `key` makes sure that it is said once at most, however often
/// the request is sent.
v1::Request request_to_say(const Manner& manner, const std::string& text, const std::string& key);

/// Has a line said and gives the answer, within the manner's time and a little more.
boost::asio::awaitable<v1::Reply> say_line(Bus& bus, const Manner& manner, std::string text);

/// Why a line was not said, fit for a terminal. Example: "FAILED msg_banned: Twitch refused it: …".
std::string not_said(const v1::Reply& reply);

}  // namespace coven::cli
