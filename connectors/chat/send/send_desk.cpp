#include "send/send_desk.hpp"

#include <algorithm>
#include <utility>

#include "coven/log.hpp"
#include "coven/race.hpp"
#include "send/moderated.hpp"
#include "send/replies.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

using coven::v1::Reply;
using twitch::v1::ChatSent;
using Kind = Attempt::Kind;

constexpr const char* helix_scope = "user:write:chat";
constexpr const char* irc_scope = "chat:edit";

bool has_scope(const coven::AccessToken& token, const std::string& scope) {
    return std::find(token.scopes.begin(), token.scopes.end(), scope) != token.scopes.end();
}

/// A caller that waits has a limit; a call of Helix shall not outlast it by its own waiting.
coven::Helix::Options helix_options(const std::string& url) {
    coven::Helix::Options options;
    options.base_url = url;
    options.retries = 1;
    options.longest_wait = std::chrono::milliseconds(0);
    return options;
}

SendLimiter::Outcome outcome_of(Kind kind) {
    if (kind == Kind::sent || kind == Kind::unknown) return SendLimiter::Outcome::sent;
    return kind == Kind::refused ? SendLimiter::Outcome::refused
                                 : SendLimiter::Outcome::not_written;
}

Reply::Status status_of(Kind kind) {
    if (kind == Kind::sent) return Reply::OK;
    return kind == Kind::refused ? Reply::FAILED : Reply::UNKNOWN;
}

ChatSent description_of(const SendOrder& order, const std::string& login) {
    ChatSent sent;
    sent.set_channel(order.speech.channel);
    sent.set_account(login);
    sent.set_text(order.speech.text);
    sent.set_action(order.speech.form == Speech::Form::action);
    sent.set_reply_to(order.speech.reply_to);
    return sent;
}

}  // namespace

/// A line's place in the queue, for as long as somebody waits for it.
class SendDesk::Waiting {
  public:
    Waiting(SendDesk& desk, const SendOrder& order)
        : desk_(desk),
          ticket_(desk.queue_.add(order.speech.channel, order.speech.text, order.priority)) {
        ++desk_.shop_.numbers.waiting;
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() {
        --desk_.shop_.numbers.waiting;
        desk_.queue_.remove(ticket_);
        desk_.changed_.ring();
    }
    SendQueue::Ticket ticket() const { return ticket_; }

  private:
    SendDesk& desk_;
    SendQueue::Ticket ticket_;
};

/// A line that Twitch may have by now. Whatever cuts it short, its place counts as taken and what
/// is known of it is told.
class SendDesk::Flight {
  public:
    Flight(SendDesk& desk, const SendOrder& order, ChatSent& sent)
        : desk_(desk),
          sent_(sent),
          number_(desk.limiter_.take(order.speech.channel, order.speech.text,
                                     desk.standing_in_channel(order.speech.channel),
                                     desk.shop_.clock.instant())) {
        const auto now = desk_.shop_.clock.now();
        desk_.note_in_diary(now);
        sent_.set_written_us(coven::microseconds_since_epoch(now));
    }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;
    ~Flight() {
        Attempt cut;
        cut.kind = Kind::unknown;
        cut.code = "cut_short";
        cut.message = "it was given up before Twitch answered";
        if (!is_over_) land(cut);
    }
    void land(const Attempt& attempt) {
        is_over_ = true;
        const auto now = desk_.shop_.clock.instant();
        desk_.limiter_.settle(number_, outcome_of(attempt.kind), now);
        const bool was_limited =
            attempt.kind == Kind::refused && attempt.pause > coven::Duration(0);
        // Somebody else writes for this account, or Twitch counts otherwise: begin a window anew.
        if (was_limited) desk_.limiter_.assume_full(now);
        // Or the account is not any more what it was.
        if (was_limited) desk_.learn_role(sent_.channel(), Standing::ordinary);
        desk_.changed_.ring();
        if (outcome_of(attempt.kind) == SendLimiter::Outcome::not_written) return;
        sent_.set_status(status_of(attempt.kind));
        sent_.set_message_id(attempt.message_id);
        sent_.set_code(attempt.code);
        sent_.set_reason(attempt.message);
        sent_.set_settled_us(coven::microseconds_since_epoch(desk_.shop_.clock.now()));
        desk_.shop_.publish(sent_);
    }

  private:
    SendDesk& desk_;
    ChatSent& sent_;
    SendLimiter::Number number_;
    bool is_over_ = false;
};

SendDesk::SendDesk(SendShop& shop, std::string login, std::unique_ptr<coven::TokenSource> tokens)
    : shop_(shop),
      login_(std::move(login)),
      tokens_(std::move(tokens)),
      helix_(shop.http, shop.clock, *tokens_, helix_options(shop.helix_url)),
      limiter_(shop.limits),
      queue_(limiter_, [this](const std::string& channel) { return standing_in_channel(channel); }),
      voice_(shop.irc, login_, *tokens_, shop.clock, shop.executor,
             [this](const IrcTalk::Learned& learned) {
                 learn_role(learned.channel, learned.standing);
             }),
      roles_(login_),
      changed_(shop.executor) {}

Standing SendDesk::standing_in_channel(const std::string& channel) const {
    return roles_.in(channel, shop_.clock.instant());
}

asio::awaitable<void> SendDesk::run() { co_await coven::race(voice_.run(), inherit_past()); }

void SendDesk::open() {
    if (is_open_) return;
    is_open_ = true;
    is_past_known_ = false;
    changed_.ring();
}

void SendDesk::close() {
    is_open_ = false;
    changed_.ring();
}

asio::awaitable<void> SendDesk::inherit_past() {
    for (;;) {
        while (!is_open_ || is_past_known_) co_await changed_.wait();
        const auto past = co_await shop_.look_back(login_);
        take_over(inherit(past, shop_.clock.now(), shop_.irc.answer_limit));
    }
}

void SendDesk::take_over(const Inheritance& inheritance) {
    const auto now = shop_.clock.now();
    const auto instant = shop_.clock.instant();
    limiter_.forget();
    if (inheritance.unknown) limiter_.assume_full(instant);
    for (const auto& at : inheritance.counted) limiter_.count_earlier(1, instant - (now - at));
    is_past_known_ = true;
    coven::log::info("sends_for", {{"account", login_},
                                   {"lines_before", inheritance.counted.size()},
                                   {"known_by", inheritance.evidence}});
    changed_.ring();
}

Reply SendDesk::closed() const {
    return not_able("account_moved", "another instance of coven-chat sends for '" + login_ +
                                         "' now; ask again, with the account as the target");
}

Reply SendDesk::expired(const std::string& reason) const {
    return coven::reply_of(Reply::EXPIRED, "not_in_time",
                           "its time was over before it could be sent: " + reason);
}

asio::awaitable<Reply> SendDesk::send(SendOrder order) {
    Way way;
    auto refusal = co_await find_way(order, way);
    if (refusal) co_return std::move(*refusal);
    refusal = co_await until_known(order);
    if (!refusal) refusal = refusal_of(order);
    if (refusal) co_return std::move(*refusal);
    auto sent = description_of(order, login_);
    sent.set_transport(way.transport);
    sent.set_channel_id(way.place.channel_id);
    const Waiting waiting(*this, order);
    refusal = dropped(order, waiting.ticket());
    if (refusal) co_return std::move(*refusal);
    for (;;) {
        refusal = co_await wait_for_turn(order, waiting.ticket());
        if (refusal) co_return std::move(*refusal);
        queue_.begin(waiting.ticket());
        const auto attempt = co_await write(order, way, sent);
        const bool again =
            attempt.kind == Kind::not_written && order.on_limit != twitch::v1::ON_LIMIT_DROP;
        if (!again) {
            auto reply = reply_of_attempt(attempt);
            if (sent.settled_us() != 0) reply.mutable_payload()->PackFrom(sent);
            co_return reply;
        }
        held_until_ = std::max(held_until_, shop_.clock.instant() + attempt.pause);
        queue_.put_back(waiting.ticket());
        if (shop_.clock.instant() >= order.expires) co_return expired(attempt.message);
    }
}

/// Whether the account can send at all, and how.
asio::awaitable<SendDesk::Refusal> SendDesk::find_way(const SendOrder& order, Way& way) {
    const auto token = co_await tokens_->token();
    if (token.has_error()) co_return not_able("account_missing", token.error().message);
    if (!has_scope(*token, helix_scope)) {
        if (has_scope(*token, irc_scope)) co_return std::nullopt;
        co_return scope_missing(login_, token->scopes, {helix_scope, irc_scope});
    }
    way.transport = ChatSent::TRANSPORT_HELIX;
    way.place.account_id = token->user_id;
    const auto id = co_await shop_.ids.find(helix_, order.speech.channel);
    if (id.has_error()) {
        co_return coven::reply_of(Reply::FAILED, "channel_not_found", id.error().message);
    }
    if (!*id) {
        co_return coven::reply_of(Reply::FAILED, "channel_unknown",
                                  "Twitch has nobody by the login '" + order.speech.channel + "'");
    }
    way.place.channel_id = **id;
    const auto& channel = order.speech.channel;
    // It may have another login by now.
    if (**id == token->user_id) learn_role(channel, Standing::privileged);
    co_await ask_for_roles(helix_, shop_.clock, roles_, channel, *token);
    co_return std::nullopt;
}

asio::awaitable<SendDesk::Refusal> SendDesk::until_known(const SendOrder& order) {
    while (is_open_ && !is_past_known_) {
        if (shop_.clock.instant() >= order.expires) {
            co_return expired("it is not known yet what '" + login_ + "' has sent lately");
        }
        co_await coven::race(shop_.clock.sleep_until(order.expires), changed_.wait());
    }
    if (!is_open_) co_return closed();
    co_return std::nullopt;
}

SendDesk::Refusal SendDesk::refusal_of(const SendOrder& order) {
    const auto& [channel, text, reply_to, form] = order.speech;
    const auto now = shop_.clock.instant();
    if (standing_in_channel(channel) == Standing::ordinary) {
        const auto turn = limiter_.repeat_turn(channel, text, now);
        if (turn > now || queue_.holds(channel, text)) {
            auto reply = coven::rejection(
                "duplicate", "the same text goes or went to '" + channel +
                                 "' within 30 s: Twitch would drop it; change the text or wait");
            const auto wait = turn > now ? turn - now : shop_.limits.window;
            reply.set_retry_after_ms(rate_limited("", "", wait).retry_after_ms());
            return reply;
        }
    }
    if (queue_.size() < most_waiting) return std::nullopt;
    return rate_limited("queue_full",
                        std::to_string(most_waiting) + " lines of '" + login_ + "' wait already",
                        shop_.limits.channel_pause);
}

/// Of one that shall not wait.
SendDesk::Refusal SendDesk::dropped(const SendOrder& order, SendQueue::Ticket ticket) {
    if (order.on_limit != twitch::v1::ON_LIMIT_DROP) return std::nullopt;
    const auto now = shop_.clock.instant();
    if (held_until_ <= now && queue_.next(now) == ticket) return std::nullopt;
    const auto& channel = order.speech.channel;
    const auto turn = limiter_.turn(channel, standing_in_channel(channel), now);
    const bool is_known = turn > now && turn != coven::Instant::max();
    return rate_limited("no_room", "'" + login_ + "' may not write to '" + channel + "' right now",
                        is_known ? turn - now : shop_.limits.channel_pause);
}

asio::awaitable<SendDesk::Refusal> SendDesk::wait_for_turn(const SendOrder& order,
                                                           SendQueue::Ticket ticket) {
    const auto begun = shop_.clock.instant();
    for (;;) {
        const auto now = shop_.clock.instant();
        if (!is_open_) co_return closed();
        // After the deadline nothing is sent, though it might be its turn.
        if (now >= order.expires) {
            co_return expired(std::to_string(queue_.size() - 1) +
                              " other lines wait, and Twitch limits what '" + login_ +
                              "' may write");
        }
        if (held_until_ <= now && is_past_known_ && queue_.next(now) == ticket) break;
        auto wake = std::min(order.expires, queue_.deadline(now));
        if (held_until_ > now) wake = std::min(order.expires, held_until_);
        co_await coven::race(shop_.clock.sleep_until(wake), changed_.wait());
    }
    const auto waited = shop_.clock.instant() - begun;
    if (waited > coven::Duration(0)) ++shop_.numbers.waits;
    shop_.numbers.waited += waited;
    co_return std::nullopt;
}

void SendDesk::note_in_diary(coven::Time now) {
    if (shop_.diary == nullptr) return;
    const auto kept = std::chrono::duration_cast<std::chrono::microseconds>(
        shop_.limits.window + shop_.limits.margin + shop_.irc.answer_limit);
    const auto noted = shop_.diary->note(login_, now, now - kept);
    if (noted.has_value()) return;
    coven::log::warn("not_noted", {{"account", login_}, {"reason", noted.error().message}});
}

asio::awaitable<Attempt> SendDesk::write(const SendOrder& order, const Way& way, ChatSent& sent) {
    Flight flight(*this, order, sent);
    const bool by_helix = way.transport == ChatSent::TRANSPORT_HELIX;
    auto speaking = by_helix ? say_by_helix(helix_, way.place, order.speech)
                             : voice_.say(order.speech, order.expires);
    auto attempt = co_await std::move(speaking);
    flight.land(attempt);
    co_return attempt;
}

}  // namespace chat
