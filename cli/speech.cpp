#include "speech.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "coven/command.hpp"
#include "coven/event.hpp"
#include "safe_text.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::size_t longest_login = 25;
/// An answer that comes late is still worth more than none.
constexpr std::chrono::milliseconds grace{2000};

bool is_login(const std::string& word) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !word.empty() && word.size() <= longest_login &&
           std::all_of(word.begin(), word.end(), allowed);
}

template <class T>
void fill(T& payload, const Manner& manner, const std::string& text) {
    payload.set_channel(manner.channel);
    payload.set_text(text);
    payload.set_account(manner.account);
    payload.set_on_limit(manner.drop ? twitch::v1::ON_LIMIT_DROP : twitch::v1::ON_LIMIT_QUEUE);
}

}  // namespace

Result<std::string> channel_named(const std::string& word) {
    auto login = word.starts_with('#') ? word.substr(1) : word;
    std::transform(login.begin(), login.end(), login.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (is_login(login)) return {boost::system::in_place_value, std::move(login)};
    return Error("CHANNEL is no login (1 to 25 of a-z, 0-9 and '_'): '" + safe_text(word) + "'");
}

Result<Manner> manner_of(const Invocation& invocation) {
    Manner manner;
    auto channel = channel_named(invocation.arguments().front());
    if (channel.has_error()) return channel.error();
    manner.channel = std::move(*channel);
    manner.account = invocation.text("--account");
    manner.reply_to = invocation.text("--reply-to");
    if (invocation.has("--me")) manner.form = Manner::Form::action;
    if (manner.form == Manner::Form::action && !manner.reply_to.empty()) {
        return Error("--me and --reply-to exclude each other");
    }
    manner.drop = invocation.text("--on-limit") == "drop";
    const auto priority = invocation.number("--priority").value_or(0);
    if (priority > std::numeric_limits<std::int32_t>::max()) {
        return Error("--priority is above 2147483647");
    }
    manner.priority = static_cast<std::int32_t>(priority);
    manner.within = invocation.duration("--within").value_or(manner.within);
    if (manner.within.count() == 0) return Error("--within 0 leaves no time to say anything");
    return manner;
}

v1::Request request_to_say(const Manner& manner, const std::string& text, const std::string& key) {
    v1::Request request;
    if (manner.form == Manner::Form::action) {
        twitch::v1::ChatAction payload;
        fill(payload, manner, text);
        request = request_of("chat.action", payload);
    } else {
        twitch::v1::ChatSend payload;
        fill(payload, manner, text);
        payload.set_reply_to(manner.reply_to);
        request = request_of("chat.send", payload);
    }
    request.set_target(manner.account);
    request.set_priority(manner.priority);
    request.set_idempotency_key(key);
    return request;
}

asio::awaitable<v1::Reply> say_line(Bus& bus, const Manner& manner, std::string text) {
    const auto now_ms = microseconds_since_epoch(bus.clock().now()) / 1000;
    auto request = request_to_say(manner, text, uuid_v7(now_ms));
    co_return co_await bus.call(std::move(request), manner.within + grace);
}

std::string not_said(const v1::Reply& reply) {
    const auto name = v1::Reply::Status_Name(reply.status());
    std::string advice;
    if (reply.status() == v1::Reply::NO_ROUTE && reply.code() == "no_connector") {
        advice = "; is coven-chat READY? `coven connectors` says";
    }
    if (reply.code() == "no_answer") advice = "; is `coven up` running?";
    if (reply.retry_after_ms() > 0) {
        advice = fmt::format("; again after {} ms", reply.retry_after_ms());
    }
    return safe_text(fmt::format("{} {}: {}{}", name, reply.code(), reply.message(), advice));
}

}  // namespace coven::cli
