#include "send/irc_voice.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "coven/log.hpp"
#include "coven/race.hpp"
#include "coven/result_of.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

using namespace std::chrono_literals;
using Kind = Attempt::Kind;

constexpr std::size_t max_line_bytes = 64u << 10;
constexpr coven::Backoff::Limits redial_limits{1s, 30s};
/// Twitch allows 20 logins in 10 s (https://dev.twitch.tv/docs/chat/#rate-limits, read 2026-11-22),
/// for all programs of the account together.
constexpr auto shortest_pace = 2s;

/// Told apart from those of other connections of the account.
std::string new_nonce() {
    std::random_device random;
    std::uniform_int_distribution<std::uint64_t> any;
    return "coven" + std::to_string(any(random)) + "n";
}

Attempt not_logged_in(const std::string& login, const std::string& reason) {
    Attempt attempt;
    attempt.kind = Kind::impossible;
    attempt.code = "login_refused";
    attempt.message = "Twitch's chat does not let '" + login + "' in: " + reason +
                      "; log in again: coven login --scopes user:write:chat,chat:read,chat:edit";
    return attempt;
}

}  // namespace

/// Somebody has something to say, as long as this lives.
class IrcVoice::Wish {
  public:
    explicit Wish(IrcVoice& voice) : voice_(voice) {
        ++voice_.wishes_;
        voice_.wanted_.ring();
    }
    Wish(const Wish&) = delete;
    Wish& operator=(const Wish&) = delete;
    ~Wish() { --voice_.wishes_; }

  private:
    IrcVoice& voice_;
};

IrcVoice::IrcVoice(Settings settings, std::string login, coven::TokenSource& tokens,
                   coven::Clock& clock, const asio::any_io_executor& executor, Learn learn)
    : settings_(std::move(settings)),
      login_(std::move(login)),
      token_(tokens),
      clock_(clock),
      learn_(std::move(learn)),
      splitter_(max_line_bytes),
      backoff_(redial_limits),
      changed_(executor),
      wanted_(executor) {}

asio::awaitable<Attempt> IrcVoice::say(Speech speech, coven::Instant until) {
    const Wish wish(*this);
    const int faults = faults_;
    while (!is_open()) {
        if (faults_ != faults) co_return fault_;
        if (clock_.instant() >= until) {
            Attempt late;
            late.code = "not_connected";
            late.message = trouble_;
            co_return late;
        }
        co_await coven::race(clock_.sleep_until(until), changed_.wait());
    }
    const auto number = ++last_;
    talk_->say(number, speech);
    wanted_.ring();
    while (!outcomes_.contains(number)) co_await changed_.wait();
    auto outcome = std::move(outcomes_[number]);
    outcomes_.erase(number);
    co_return outcome;
}

asio::awaitable<void> IrcVoice::run() {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    for (;;) {
        while (wishes_ == 0) co_await wanted_.wait();
        co_await clock_.sleep_until(next_dial_);
        next_dial_ = clock_.instant() + shortest_pace;
        const auto ended = co_await coven::result_of(connect_once());
        // That is no news of the connection, and whoever waits for it is cancelled, too.
        if (cancellation.cancelled() != asio::cancellation_type::none) co_return;
        end(ended.has_error() ? ended.error().message : talk_->ending());
        co_await answer_refusal();
        talk_.reset();
    }
}

asio::awaitable<void> IrcVoice::connect_once() {
    const auto token = co_await token_.next();
    if (token.has_error()) throw coven::LinkLost(token.error().message);
    const auto socket = co_await coven::WebSocket::connect(clock_, settings_.url, settings_.socket);
    splitter_ = LineSplitter(max_line_bytes);
    IrcSession::Settings session;
    session.nick = login_;
    session.token = token->text;
    talk_.emplace(std::move(session), settings_.answer_limit, new_nonce(), clock_.instant());
    co_await converse(*socket);
}

asio::awaitable<void> IrcVoice::converse(coven::WebSocket& socket) {
    co_await coven::race(read(socket), speak(socket));
}

asio::awaitable<void> IrcVoice::read(coven::WebSocket& socket) {
    for (;;) {
        const auto frame = co_await socket.read();
        hear(frame);
    }
}

void IrcVoice::hear(std::string_view frame) {
    splitter_.feed(frame);
    while (const auto text = splitter_.next()) {
        const auto line = IrcLine::parse(*text);
        if (line) talk_->hear(*line, clock_.instant());
    }
    if (talk_->is_open()) {
        backoff_ = coven::Backoff(redial_limits);
        has_replaced_ = false;
    }
    pass_on();
    wanted_.ring();
}

/// Hands out what the conversation has brought.
void IrcVoice::pass_on() {
    outcomes_.merge(talk_->take_outcomes());
    for (const auto& learned : talk_->take_learned()) learn_(learned);
    changed_.ring();
}

asio::awaitable<void> IrcVoice::speak(coven::WebSocket& socket) {
    for (;;) {
        talk_->advance(clock_.instant());
        pass_on();
        auto output = talk_->take_output(clock_.instant());
        if (!output.empty()) {
            co_await socket.write(std::move(output));
            continue;
        }
        if (talk_->failure()) throw coven::LinkLost(*talk_->failure());
        if (talk_->has_ended()) co_return;
        const auto deadline = talk_->deadline();
        co_await coven::race(clock_.sleep_until(deadline), wanted_.wait());
    }
}

void IrcVoice::end(const std::string& reason) {
    trouble_ = reason;
    const bool was_refused = talk_ && talk_->login_refusal();
    if (!was_refused) {
        const auto pause = backoff_.next();
        next_dial_ = std::max(next_dial_, clock_.instant() + pause);
    }
    coven::log::info("speech_ended", {{"account", login_}, {"reason", reason}});
    if (!talk_) return changed_.ring();
    talk_->lose(reason);
    pass_on();
}

/// Gets another token, once.
asio::awaitable<void> IrcVoice::answer_refusal() {
    if (!talk_ || !talk_->login_refusal()) co_return;
    const auto refusal = *talk_->login_refusal();
    std::string reason = "'" + refusal + "', also with another token";
    if (!has_replaced_) {
        has_replaced_ = true;
        token_.refuse();
        const auto other = co_await token_.next();
        // The next login takes the newest one, which this is.
        if (other.has_value()) co_return;
        reason = "'" + refusal + "', and " + other.error().message;
    }
    has_replaced_ = false;
    fault_ = not_logged_in(login_, reason);
    ++faults_;
    const auto pause = backoff_.next();
    next_dial_ = std::max(next_dial_, clock_.instant() + pause);
    changed_.ring();
}

}  // namespace chat
