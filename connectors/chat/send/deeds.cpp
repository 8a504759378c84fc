#include "send/deeds.hpp"

#include <algorithm>
#include <utility>

#include "send/replies.hpp"

namespace asio = boost::asio;

namespace chat {

using coven::v1::Reply;
using twitch::v1::ChatDone;

namespace {

/// Paces that are remembered before those that are over are looked for.
constexpr std::size_t many_turns = 1000;
constexpr std::string_view user_mark = "USER_ID";

bool has_scope(const coven::AccessToken& token, const std::string& scope) {
    return std::find(token.scopes.begin(), token.scopes.end(), scope) != token.scopes.end();
}

coven::HelixCall call_for(const Deed& deed, const ChatDone& done, const std::string& account_id) {
    coven::HelixCall call;
    call.method = deed.method;
    call.path = deed.path;
    call.query = deed.query;
    const auto add = [&call](const std::string& name, const std::string& id) {
        if (!name.empty()) call.query.push_back({name, id});
    };
    add(deed.channel_name, done.channel_id());
    add(deed.account_name, account_id);
    add(deed.user_name, done.user_id());
    call.json = deed.json;
    const auto mark = call.json.find(user_mark);
    if (mark != std::string::npos) call.json.replace(mark, user_mark.size(), done.user_id());
    call.object = "channel '" + deed.channel + "'";
    if (!deed.user.empty()) call.object = "'" + deed.user + "' in " + call.object;
    return call;
}

}  // namespace

asio::awaitable<Reply> Deeds::carry_out(SendDesk& desk, Deed deed) {
    const auto token = co_await desk.tokens().token();
    if (token.has_error()) co_return not_able("account_missing", token.error().message);
    if (!has_scope(*token, deed.scope)) {
        co_return scope_missing(desk.login(), token->scopes, {deed.scope});
    }
    ChatDone done;
    done.set_channel(deed.channel);
    done.set_account(desk.login());
    done.set_user(deed.user);
    auto refusal = co_await find(desk, deed.channel, *done.mutable_channel_id());
    if (!refusal && !deed.user.empty()) {
        refusal = co_await find(desk, deed.user, *done.mutable_user_id());
    }
    coven::Instant begun{};
    if (!refusal) refusal = co_await wait_for_turn(deed, begun);
    if (refusal) co_return std::move(*refusal);
    co_return co_await call(desk, std::move(deed), begun, std::move(done));
}

asio::awaitable<Deeds::Refusal> Deeds::find(SendDesk& desk, std::string login, std::string& id) {
    const auto found = co_await ids_.find(desk.helix(), login);
    if (found.has_error()) {
        co_return coven::reply_of(Reply::FAILED, "user_not_found", found.error().message);
    }
    if (!*found) {
        co_return coven::reply_of(Reply::FAILED, "user_unknown",
                                  "Twitch has nobody by the login '" + login + "'");
    }
    id = **found;
    co_return std::nullopt;
}

asio::awaitable<Deeds::Refusal> Deeds::wait_for_turn(const Deed& deed, coven::Instant& begun) {
    for (;;) {
        const auto now = clock_.instant();
        auto turn = now;
        for (const auto& [name, pace] : deed.paces) turn = std::max(turn, turns_[name]);
        if (now >= deed.expires) {
            co_return coven::reply_of(Reply::EXPIRED, "not_in_time",
                                      "its time was over before it could be done");
        }
        if (turn <= now) break;
        if (deed.on_limit == twitch::v1::ON_LIMIT_DROP || turn >= deed.expires) {
            co_return rate_limited("no_room", "Twitch does not allow it so soon after the last one",
                                   turn - now);
        }
        co_await clock_.sleep_until(turn);
    }
    begun = clock_.instant();
    for (const auto& [name, pace] : deed.paces) turns_[name] = begun + pace;
    co_return std::nullopt;
}

void Deeds::settle(const Deed& deed, coven::Instant begun, Attempt::Kind outcome) {
    const auto now = clock_.instant();
    const bool may_count = outcome == Attempt::Kind::sent || outcome == Attempt::Kind::unknown;
    for (const auto& [name, pace] : deed.paces) {
        auto& turn = turns_[name];
        // Twitch may have counted it when it came in or when it was done.
        if (may_count) turn = std::max(turn, now + pace);
        // What was refused is no reason to wait; others may have begun since.
        if (!may_count && turn == begun + pace) turn = now;
    }
    if (turns_.size() <= many_turns) return;
    std::erase_if(turns_, [now](const auto& row) { return row.second <= now; });
}

asio::awaitable<Reply> Deeds::call(SendDesk& desk, Deed deed, coven::Instant begun, ChatDone done) {
    const auto token = co_await desk.tokens().token();
    const auto account_id = token.has_value() ? token->user_id : std::string();
    auto question = call_for(deed, done, account_id);
    const auto answer = co_await desk.helix().call(std::move(question));
    const auto attempt = attempt_of_write(answer);
    settle(deed, begun, attempt.kind);
    if (attempt.kind != Attempt::Kind::sent) co_return reply_of_attempt(attempt);
    const auto items = answer->member("data").items();
    if (!items.empty()) done.set_until(items.front().text_or("end_time"));
    co_return coven::reply_with(done);
}

}  // namespace chat
