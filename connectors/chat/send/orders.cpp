#include "send/orders.hpp"

#include <algorithm>
#include <utility>

#include "coven/command.hpp"
#include "coven/in_quotes.hpp"
#include "send/replies.hpp"
#include "send/text.hpp"

namespace chat {

namespace {

using namespace std::chrono_literals;
using coven::v1::Reply;
using coven::v1::Request;
using Method = coven::HttpRequest::Method;

/// What is left for the answer's way back.
constexpr auto way_back = 200ms;
constexpr std::uint32_t longest_timeout = 1209600;
constexpr std::size_t longest_login = 25;
/// https://dev.twitch.tv/docs/api/reference/#send-chat-announcement and #send-a-shoutout (read
/// 2026-11-22): one in 2 s; one in 2 minutes, the same target once in 60. The rest is for the
/// difference between our clock and Twitch's.
constexpr auto announcement_pace = 2s + 200ms;
constexpr auto shoutout_pace = 2min + 1s;
constexpr auto same_shoutout_pace = 60min + 5s;

bool is_login(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !text.empty() && text.size() <= longest_login &&
           std::all_of(text.begin(), text.end(), allowed);
}

/// Of a payload that is no T.
template <class T>
Understood unreadable(const Request& call) {
    if (!call.payload().Is<T>()) return {coven::wrong_payload<T>(), ""};
    return {coven::rejection("payload_malformed",
                             "the payload cannot be read: it is cut short, or a text in it is not "
                             "valid UTF-8"),
            ""};
}

/// Collects what is wrong; the first fault counts.
class Check {
  public:
    void login(const std::string& text, const char* what) {
        if (is_login(text)) return;
        add(TextFault{std::string(what) + "_malformed",
                      std::string(what) +
                          " is no login (1 to 25 of a-z, 0-9 and '_'): " + coven::in_quotes(text)});
    }
    void text(const std::string& text) { add(line_fault(text)); }
    void reason(const std::string& text) { add(plain_text_fault(text, "the reason")); }
    void id(const std::string& id, const char* what) { add(message_id_fault(id, what)); }
    void add(std::optional<TextFault> fault) {
        if (!fault_) fault_ = std::move(fault);
    }
    bool is_fine() const { return !fault_; }
    Reply rejection() const { return coven::rejection(fault_->code, fault_->message); }

  private:
    std::optional<TextFault> fault_;
};

/// When a call must have begun.
coven::Instant expiry(const Request& call, std::uint64_t not_after_us, const coven::Clock& clock) {
    const auto now = clock.instant();
    constexpr std::uint64_t a_day_ms = 86400000;
    const std::chrono::milliseconds left(std::min(call.deadline_ms(), a_day_ms));
    auto expires = now + std::max<std::chrono::milliseconds>(left - way_back, left / 2);
    if (not_after_us == 0) return expires;
    const auto now_us = coven::microseconds_since_epoch(clock.now());
    if (not_after_us <= now_us) return now;
    const std::chrono::microseconds until(std::min(not_after_us - now_us, a_day_ms * 1000));
    return std::min<coven::Instant>(expires, now + until);
}

template <class T>
SendOrder order_of(const Request& call, const T& payload, const coven::Clock& clock) {
    SendOrder order;
    order.speech.channel = payload.channel();
    order.speech.text = payload.text();
    order.priority = call.priority();
    order.expires = expiry(call, payload.not_after_us(), clock);
    order.on_limit = payload.on_limit();
    return order;
}

Understood read_send(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatSend>(call);
    if (!payload) return unreadable<twitch::v1::ChatSend>(call);
    Check check;
    check.login(payload->channel(), "channel");
    check.text(payload->text());
    if (!payload->reply_to().empty()) check.id(payload->reply_to(), "reply_to");
    if (!check.is_fine()) return {check.rejection(), payload->account()};
    auto order = order_of(call, *payload, clock);
    order.speech.reply_to = payload->reply_to();
    return {std::move(order), payload->account()};
}

Understood read_action(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatAction>(call);
    if (!payload) return unreadable<twitch::v1::ChatAction>(call);
    Check check;
    check.login(payload->channel(), "channel");
    check.text(payload->text());
    if (!check.is_fine()) return {check.rejection(), payload->account()};
    auto order = order_of(call, *payload, clock);
    order.speech.form = Speech::Form::action;
    return {std::move(order), payload->account()};
}

Deed deed_of(const Request& call, Method method, const char* path, const char* scope,
             const std::string& channel, const coven::Clock& clock) {
    Deed deed;
    deed.method = method;
    deed.path = path;
    deed.scope = scope;
    deed.channel = channel;
    deed.expires = expiry(call, 0, clock);
    return deed;
}

/// https://dev.twitch.tv/docs/api/reference/#delete-chat-messages (read 2026-11-22)
Understood read_delete(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatDelete>(call);
    if (!payload) return unreadable<twitch::v1::ChatDelete>(call);
    Check check;
    check.login(payload->channel(), "channel");
    // Without an id Twitch would clear the whole chat.
    check.id(payload->message_id(), "message_id");
    if (!check.is_fine()) return {check.rejection(), payload->account()};
    auto deed = deed_of(call, Method::remove, "/moderation/chat", "moderator:manage:chat_messages",
                        payload->channel(), clock);
    deed.query.push_back({"message_id", payload->message_id()});
    return {std::move(deed), payload->account()};
}

Understood read_announce(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatAnnounce>(call);
    if (!payload) return unreadable<twitch::v1::ChatAnnounce>(call);
    constexpr std::array<std::string_view, 6> colours = {"",       "blue",   "green",
                                                         "orange", "purple", "primary"};
    Check check;
    check.login(payload->channel(), "channel");
    check.text(payload->text());
    if (std::find(colours.begin(), colours.end(), payload->colour()) == colours.end()) {
        check.add(TextFault{"colour_unknown",
                            "colour is none of blue, green, orange, purple and primary"});
    }
    if (!check.is_fine()) return {check.rejection(), payload->account()};
    auto deed = deed_of(call, Method::post, "/chat/announcements", "moderator:manage:announcements",
                        payload->channel(), clock);
    const auto colour = payload->colour().empty() ? "primary" : payload->colour();
    deed.json =
        R"({"message":)" + json_text(payload->text()) + R"(,"color":)" + json_text(colour) + "}";
    deed.expires = expiry(call, payload->not_after_us(), clock);
    deed.on_limit = payload->on_limit();
    deed.paces.push_back({"announce", announcement_pace});
    return {std::move(deed), payload->account()};
}

/// https://dev.twitch.tv/docs/api/reference/#ban-user (read 2026-11-22)
template <class T>
Understood read_ban(const Request& call, const coven::Clock& clock, std::string duration,
                    std::optional<TextFault> fault) {
    const auto payload = coven::payload_as<T>(call).value_or(T());
    Check check;
    check.login(payload.channel(), "channel");
    check.login(payload.user(), "user");
    check.reason(payload.reason());
    check.add(std::move(fault));
    if (!check.is_fine()) return {check.rejection(), payload.account()};
    auto deed = deed_of(call, Method::post, "/moderation/bans", "moderator:manage:banned_users",
                        payload.channel(), clock);
    deed.user = payload.user();
    deed.json = R"({"data":{"user_id":"USER_ID")" + std::move(duration) + R"(,"reason":)" +
                json_text(payload.reason()) + "}}";
    return {std::move(deed), payload.account()};
}

Understood read_timeout(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatTimeout>(call);
    if (!payload) return unreadable<twitch::v1::ChatTimeout>(call);
    const auto seconds = payload->seconds();
    std::optional<TextFault> fault;
    if (seconds == 0 || seconds > longest_timeout) {
        fault = TextFault{"seconds_out_of_range",
                          "seconds is not from 1 to 1209600: '" + std::to_string(seconds) + "'"};
    }
    return read_ban<twitch::v1::ChatTimeout>(
        call, clock, R"(,"duration":)" + std::to_string(seconds), std::move(fault));
}

Understood read_permanent_ban(const Request& call, const coven::Clock& clock) {
    if (!coven::payload_as<twitch::v1::ChatBan>(call)) {
        return unreadable<twitch::v1::ChatBan>(call);
    }
    return read_ban<twitch::v1::ChatBan>(call, clock, "", std::nullopt);
}

Understood read_unban(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatUnban>(call);
    if (!payload) return unreadable<twitch::v1::ChatUnban>(call);
    Check check;
    check.login(payload->channel(), "channel");
    check.login(payload->user(), "user");
    if (!check.is_fine()) return {check.rejection(), payload->account()};
    auto deed = deed_of(call, Method::remove, "/moderation/bans", "moderator:manage:banned_users",
                        payload->channel(), clock);
    deed.user = payload->user();
    deed.user_name = "user_id";
    return {std::move(deed), payload->account()};
}

Understood read_shoutout(const Request& call, const coven::Clock& clock) {
    const auto payload = coven::payload_as<twitch::v1::ChatShoutout>(call);
    if (!payload) return unreadable<twitch::v1::ChatShoutout>(call);
    Check check;
    check.login(payload->channel(), "channel");
    check.login(payload->user(), "user");
    if (!check.is_fine()) return {check.rejection(), payload->account()};
    auto deed = deed_of(call, Method::post, "/chat/shoutouts", "moderator:manage:shoutouts",
                        payload->channel(), clock);
    deed.user = payload->user();
    deed.channel_name = "from_broadcaster_id";
    deed.user_name = "to_broadcaster_id";
    deed.expires = expiry(call, payload->not_after_us(), clock);
    deed.on_limit = payload->on_limit();
    deed.paces.push_back({"shoutout " + payload->channel(), shoutout_pace});
    deed.paces.push_back(
        {"shoutout " + payload->channel() + " " + payload->user(), same_shoutout_pace});
    return {std::move(deed), payload->account()};
}

using Reader = Understood (*)(const Request& call, const coven::Clock& clock);
/// One for each of `chat_verbs`.
constexpr std::array<Reader, chat_verbs.size()> readers = {
    read_send,    read_action,        read_delete, read_announce,
    read_timeout, read_permanent_ban, read_unban,  read_shoutout};

}  // namespace

Understood understand(const Request& call, const coven::Clock& clock) {
    const auto found = std::find(chat_verbs.begin(), chat_verbs.end(), call.verb());
    if (found == chat_verbs.end()) return {not_able("verb_unknown", "not answered here"), ""};
    const auto place = static_cast<std::size_t>(std::distance(chat_verbs.begin(), found));
    auto understood = readers.at(place)(call, clock);
    if (understood.account.empty()) understood.account = call.target();
    if (call.target().empty() || understood.account == call.target()) return understood;
    return {coven::rejection("account_and_target",
                             "the payload says account " + coven::in_quotes(understood.account) +
                                 ", the target " + coven::in_quotes(call.target()) + ": say one"),
            call.target()};
}

}  // namespace chat
