#include "helix_moderation.hpp"

#include <utility>

#include <boost/json/array.hpp>

#include "helix_actor.hpp"
#include "moderation.hpp"
#include "time_text.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

/// Two weeks, in seconds.
constexpr std::int64_t longest_timeout = 1'209'600;

/// What a call wants done to whom.
struct Sentence {
    std::string user_id;
    std::string login;
    /// Nothing = for ever.
    std::optional<std::chrono::seconds> time;
    std::optional<WebAnswer> fault = {};
};

Sentence sentence_of(const EndpointCall& call) {
    Sentence sentence;
    const auto body = body_of(call);
    const auto* const data = body.if_contains("data");
    const bool has_data = data != nullptr && data->is_object();
    const auto fields = has_data ? data->get_object() : json::object();
    sentence.user_id = text_in(fields, "user_id");
    if (sentence.user_id.empty()) {
        sentence.fault = helix_refusal(400, "The user_id field is required.");
        return sentence;
    }
    const auto* const user = call.users.with_id(sentence.user_id);
    if (user == nullptr) {
        sentence.fault = helix_refusal(400, "The ID in user_id does not match a user.");
        return sentence;
    }
    sentence.login = user->login;
    const auto* const duration = fields.if_contains("duration");
    if (duration == nullptr || duration->is_null()) return sentence;
    const bool fits = duration->is_int64() && duration->get_int64() >= 1 &&
                      duration->get_int64() <= longest_timeout;
    if (fits) {
        sentence.time = std::chrono::seconds(duration->get_int64());
    } else {
        sentence.fault = helix_refusal(400, "The value in the duration field is not valid.");
    }
    return sentence;
}

/// Moderators answer to the broadcaster alone.
bool may_be_banned(const EndpointCall& call, const Actor& actor, const std::string& login) {
    const auto role = call.chat->book.role(actor.channel, login);
    if (login == actor.login || role == Role::broadcaster) return false;
    return role != Role::moderator || actor.role == Role::broadcaster;
}

WebAnswer banned_answer(const EndpointCall& call, const Actor& actor, const Sentence& sentence) {
    const auto now = call.chat->clock.now();
    json::object row{{"broadcaster_id", call.users.person(actor.channel).id},
                     {"moderator_id", call.token.user_id},
                     {"user_id", sentence.user_id},
                     {"created_at", rfc3339(now)},
                     {"end_time", nullptr}};
    if (sentence.time) row["end_time"] = rfc3339(now + *sentence.time);
    return helix_data(json::array{std::move(row)});
}

}  // namespace

WebAnswer delete_chat_messages(const EndpointCall& call) {
    const auto actor = moderator_of(call, "moderator:manage:chat_messages");
    if (actor.refusal) return *actor.refusal;
    const auto id = std::string(value_of(call.request.query, "message_id"));
    if (id.empty()) {
        clear(*call.chat, actor.channel);
        note_deed(call, actor, "clear", "");
        return helix_done();
    }
    auto* const message = call.chat->recent.find(actor.channel, id);
    if (message == nullptr || message->is_deleted) {
        return helix_refusal(404, "The message was not found.");
    }
    const auto role = call.chat->book.role(actor.channel, message->login);
    if (role == Role::broadcaster && actor.role != Role::broadcaster) {
        return helix_refusal(400, "You may not delete the broadcaster's messages.");
    }
    const bool is_of_other = message->login != actor.login && actor.role != Role::broadcaster;
    if (role == Role::moderator && is_of_other) {
        return helix_refusal(400, "You may not delete another moderator's messages.");
    }
    delete_message(*call.chat, *message);
    note_deed(call, actor, "delete", id);
    return helix_done();
}

WebAnswer ban_user(const EndpointCall& call) {
    const auto actor = moderator_of(call, "moderator:manage:banned_users");
    if (actor.refusal) return *actor.refusal;
    const auto sentence = sentence_of(call);
    if (sentence.fault) return *sentence.fault;
    if (!may_be_banned(call, actor, sentence.login)) {
        return helix_refusal(400, "The user specified in the user_id field may not be banned.");
    }
    auto& chat = *call.chat;
    const auto left = ban_left(chat.book.look(actor.channel), sentence.login, chat.clock.instant());
    // A timeout can be changed, and becomes a ban; a ban stays until it is taken back.
    if (left && left->count() == 0) {
        return helix_refusal(400, "The user specified in the user_id field is already banned.");
    }
    ban(chat, actor.channel, sentence.login, sentence.time);
    note_deed(call, actor, sentence.time ? "timeout" : "ban", sentence.login);
    return banned_answer(call, actor, sentence);
}

WebAnswer unban_user(const EndpointCall& call) {
    const auto actor = moderator_of(call, "moderator:manage:banned_users");
    if (actor.refusal) return *actor.refusal;
    const auto* const user = call.users.with_id(value_of(call.request.query, "user_id"));
    if (user == nullptr) return helix_refusal(400, "The ID in user_id does not match a user.");
    if (!unban(*call.chat, actor.channel, user->login)) {
        return helix_refusal(400, "The user in the user_id query parameter is not banned.");
    }
    note_deed(call, actor, "unban", user->login);
    return helix_done();
}

}  // namespace coven::sim
