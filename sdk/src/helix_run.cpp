#include "helix_run.hpp"

#include <algorithm>
#include <utility>

#include "refusal_text.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

using Kind = HelixError::Kind;
using std::chrono::milliseconds;

constexpr Backoff::Limits retry_limits{milliseconds(500), milliseconds(30000)};
/// Behind a reset, so that those who wait for it do not come back in step.
constexpr milliseconds least_jitter{250};
constexpr milliseconds most_jitter{1000};
/// An answer to somebody else may say earlier that there is room.
constexpr Duration look_again = std::chrono::seconds(1);

std::string path_of(const std::string& url) {
    const auto host = url.find("://");
    const auto path = url.find('/', host == std::string::npos ? 0 : host + 3);
    return path == std::string::npos ? "/" : url.substr(path);
}

}  // namespace

Helix::Run::Run(Helix& helix, HelixCall call)
    : helix_(helix),
      call_(std::move(call)),
      url_(call_.url.empty() ? helix.options_.base_url + call_.path : call_.url),
      patience_(helix.options_.longest_wait),
      backoff_(retry_limits, helix.limits_->random()) {
    // The first pause of a back-off is none.
    backoff_.next();
}

asio::awaitable<HelixResult<JsonValue>> Helix::Run::result() {
    auto token = co_await helix_.tokens_.token();
    if (token.has_error()) co_return error(Kind::no_token, token.error().message);
    token_ = std::move(*token);
    for (;;) {
        const bool has_room = co_await wait_for_room();
        if (!has_room) co_return limited();
        co_await send();
        if (answer_.status == 429) continue;
        if (wants_another_token()) {
            const bool has_token = co_await replace_token();
            if (has_token) continue;
        }
        if (!wants_another_try()) co_return outcome();
        ++retries_;
        co_await helix_.clock_.sleep(backoff_.next());
    }
}

std::optional<Time> Helix::Run::closed_until() const {
    auto until = helix_.limits_->accounts[account()].closed_until();
    const auto own = helix_.limits_->endpoints.find(endpoint());
    if (own == helix_.limits_->endpoints.end()) return until;
    const auto of_endpoint = own->second.closed_until();
    // None is less than any time.
    return std::max(until, of_endpoint);
}

asio::awaitable<bool> Helix::Run::wait_for_room() {
    auto& limits = *helix_.limits_;
    std::uniform_int_distribution<milliseconds::rep> some(least_jitter.count(),
                                                          most_jitter.count());
    const milliseconds jitter(some(limits.random));
    for (;;) {
        const auto until = closed_until();
        const auto now = helix_.clock_.now();
        if (!until || now >= *until + jitter) break;
        const Duration left = *until + jitter - now;
        if (left > patience_) co_return false;
        const auto step = std::min(left, look_again);
        patience_ -= step;
        co_await helix_.clock_.sleep(step);
    }
    limits.accounts[account()].called();
    const auto own = limits.endpoints.find(endpoint());
    if (own != limits.endpoints.end()) own->second.called();
    co_return true;
}

asio::awaitable<void> Helix::Run::send() {
    HttpRequest request;
    request.method = call_.method;
    request.url = url_;
    request.query = call_.query;
    request.json = call_.json;
    request.authorization = token_.text;
    request.headers = {{"Client-Id", token_.client_id}};
    answer_ = HttpResponse();
    lost_.clear();
    said_.reset();
    try {
        answer_ = co_await helix_.http_.send(std::move(request));
    } catch (const LinkLost& failure) {
        lost_ = failure.what();
    }
    note_answer();
}

void Helix::Run::note_answer() {
    auto& numbers = helix_.numbers_;
    const auto kind = static_cast<std::size_t>(answer_.status / 100);
    ++numbers.answers[kind < numbers.answers.size() ? kind : 0];
    if (!lost_.empty()) return;
    const std::vector<Secret> secrets = {token_.text};
    said_ = answer_.status >= 400 ? refusal_text(answer_.body, secrets) : std::nullopt;
    const auto reading = RateReading::of(answer_);
    if (reading.limit) numbers.limit = reading.limit;
    if (reading.remaining) numbers.remaining = reading.remaining;
    note_limits(reading);
}

/// A 429 that leaves points in the bucket is the endpoint's own.
void Helix::Run::note_limits(const RateReading& reading) {
    auto& limits = *helix_.limits_;
    const auto now = helix_.clock_.now();
    const bool is_refusal = answer_.status == 429;
    if (is_refusal && reading.remaining.value_or(0) == 0) {
        limits.accounts[account()].refused(reading.reset, now);
        return;
    }
    limits.accounts[account()].answered(reading, now);
    if (is_refusal) {
        limits.endpoints[endpoint()].refused(std::nullopt, now);
    } else {
        limits.endpoints.erase(endpoint());
    }
}

bool Helix::Run::wants_another_token() const {
    return answer_.status == 401 && !has_replaced_ && !says(said_.value_or(""), "missing scope");
}

asio::awaitable<bool> Helix::Run::replace_token() {
    has_replaced_ = true;
    auto other = co_await helix_.tokens_.replace(token_);
    if (other.has_error()) {
        lost_ = other.error().message;
        co_return false;
    }
    token_ = std::move(*other);
    co_return true;
}

bool Helix::Run::wants_another_try() const {
    const bool is_passing = answer_.status == 0 || answer_.status >= 500;
    return is_get() && is_passing && retries_ < helix_.options_.retries;
}

HelixResult<JsonValue> Helix::Run::outcome() const {
    const int status = answer_.status;
    if (status == 0 || status >= 500) return broken();
    if (status >= 400) return refused();
    const std::string advice = "; check twitch.helix_url";
    if (status < 200 || status >= 300) return error(Kind::malformed, answer_text() + advice);
    if (answer_.body.empty()) return JsonValue();
    auto body = JsonValue::parse(answer_.body);
    if (body.has_value()) return std::move(*body);
    return error(Kind::malformed, "the answer is not Twitch's: " + body.error().message + advice);
}

HelixError Helix::Run::limited() const {
    const auto whose = token_.login.empty() ? "this application" : "account '" + token_.login + "'";
    const auto reason = answer_.status == 429 ? answer_text() + ", and " : std::string();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(closed_until().value_or(Time()) -
                                                                 helix_.clock_.now());
    const auto left = std::max<std::int64_t>(seconds.count(), 0);
    return error(Kind::limited, reason + "the rate limit of " + whose + " leaves no room for " +
                                    std::to_string(left) + " s; ask less often");
}

HelixError Helix::Run::refused() const {
    const auto text = answer_text();
    const auto object = call_.object.empty() ? "what was asked for" : call_.object;
    switch (answer_.status) {
        case 401:
            if (says(said_.value_or(""), "missing scope"))
                return error(Kind::missing_scope,
                             text + "; log in again, to grant that scope: coven login");
            if (!lost_.empty()) return error(Kind::unauthorized, text + "; " + lost_);
            return error(Kind::unauthorized,
                         text + ", also with another token; log in again: coven login");
        case 403:
            return error(Kind::refused, text + "; the account may not do this");
        case 410:
            return error(Kind::refused, text + "; Twitch has removed this call: update Coven");
        default:
            return error(Kind::refused, text + "; check " + object);
    }
}

HelixError Helix::Run::broken() const {
    std::string reason = answer_.status == 0 ? lost_ : answer_text();
    if (retries_ > 0) reason += " (tried " + std::to_string(retries_ + 1) + " times)";
    if (!is_get()) reason += "; it may have been done all the same";
    if (answer_.status == 0)
        return error(Kind::unreachable, reason + "; check the network and twitch.helix_url");
    return error(Kind::unavailable, reason + "; try again later");
}

std::string Helix::Run::answer_text() const {
    auto text =
        (said_ ? "Twitch answered " : "the server answered ") + std::to_string(answer_.status);
    if (said_ && !said_->empty()) text += " '" + *said_ + "'";
    return text;
}

std::string Helix::Run::name() const { return method_name(call_.method) + (" " + path_of(url_)); }

HelixError Helix::Run::error(Kind kind, const std::string& reason) const {
    HelixError error;
    const auto about = call_.object.empty() ? "" : " for " + call_.object;
    error.message = name() + about + " failed: " + reason;
    error.kind = kind;
    error.status = answer_.status;
    error.twitch_message = said_.value_or("");
    return error;
}

}  // namespace coven
