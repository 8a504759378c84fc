#include "coven/oauth.hpp"

#include <algorithm>
#include <utility>

#include "refusal_text.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

using Kind = OauthError::Kind;
using std::chrono::seconds;

/// When Twitch leaves them out (RFC 8628, 3.2; Twitch sends 1800 and 5).
constexpr std::int64_t usual_device_life = 1800;
constexpr std::int64_t usual_interval = 5;
constexpr std::int64_t longest_interval = 60;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Twitch sends an array, null for none; OAuth itself (RFC 6749, 5.1) a text with blanks.
std::vector<std::string> read_scopes(const JsonValue& value) {
    std::vector<std::string> scopes;
    for (const auto& item : value.items()) {
        if (auto scope = item.text()) scopes.push_back(std::move(*scope));
    }
    std::string word;
    for (const char character : value.text().value_or("") + " ") {
        if (character != ' ') {
            word += character;
            continue;
        }
        if (!word.empty()) scopes.push_back(std::exchange(word, {}));
    }
    return scopes;
}

seconds read_seconds(const JsonValue& value, std::int64_t otherwise) {
    return seconds(std::max<std::int64_t>(0, value.number().value_or(otherwise)));
}

std::optional<Validation> read_validation(const JsonValue& body) {
    Validation validation;
    validation.client_id = body.text_or("client_id");
    validation.login = body.text_or("login");
    validation.user_id = body.text_or("user_id");
    validation.scopes = read_scopes(body.member("scopes"));
    validation.expires_in = read_seconds(body.member("expires_in"), 0);
    if (validation.client_id.empty()) return std::nullopt;
    return validation;
}

std::optional<TokenPair> read_pair(const JsonValue& body) {
    TokenPair pair;
    pair.access = Secret(body.text_or("access_token"));
    pair.refresh = Secret(body.text_or("refresh_token"));
    pair.expires_in = read_seconds(body.member("expires_in"), 0);
    pair.scopes = read_scopes(body.member("scope"));
    if (pair.access.empty()) return std::nullopt;
    return pair;
}

std::optional<DeviceCode> read_device(const JsonValue& body) {
    DeviceCode device;
    device.device_code = Secret(body.text_or("device_code"));
    device.user_code = body.text_or("user_code");
    device.verification_uri = body.text_or("verification_uri");
    device.expires_in = read_seconds(body.member("expires_in"), usual_device_life);
    const auto interval = body.member("interval").number().value_or(usual_interval);
    device.interval = seconds(std::clamp<std::int64_t>(interval, 1, longest_interval));
    if (device.device_code.empty() || device.verification_uri.empty()) return std::nullopt;
    return device;
}

bool is_about_the_application(int status, const std::string& message) {
    return status == 403 || says(message, "client secret") || says(message, "invalid client") ||
           says(message, "client does not exist");
}

/// `said` = the message of Twitch's envelope; without one, somebody else has answered.
Kind kind_of(int status, const std::optional<std::string>& said, Kind refusal) {
    if (!said || status == 429 || status < 400 || status >= 500) return Kind::unreachable;
    if (says(*said, "authorization_pending")) return Kind::pending;
    if (says(*said, "slow_down")) return Kind::slow_down;
    if (is_about_the_application(status, *said)) return Kind::misconfigured;
    return status == 400 || status == 401 ? refusal : Kind::unreachable;
}

/// What a person does about it.
std::string advice(Kind kind, int status, const std::string& message) {
    switch (kind) {
        case Kind::refused:
            return "log in again: coven login";
        case Kind::misconfigured:
            if (says(message, "missing client secret"))
                return "the application is a confidential one: set twitch.client_secret, or "
                       "register "
                       "a public one";
            return "look at twitch.client_id and twitch.client_secret";
        case Kind::unreachable:
            return status == 429 || status >= 500 ? "try again later"
                                                  : "check the network and twitch.id_url";
        case Kind::pending:
        case Kind::slow_down:
            break;
    }
    return "wait until it is approved";
}

OauthError failure(const std::string& what, Kind kind, int status, const std::string& message,
                   const std::string& reason) {
    OauthError error;
    error.message = what + " failed: " + reason + "; " + advice(kind, status, message);
    error.kind = kind;
    error.status = status;
    error.twitch_message = message;
    return error;
}

/// A 2xx that does not hold what it must.
OauthError not_expected(const std::string& what, int status, const std::string& reason) {
    return failure(what, Kind::unreachable, status, "", "the answer is not Twitch's: " + reason);
}

std::string without_slash(std::string url) {
    while (!url.empty() && url.back() == '/') url.pop_back();
    return url;
}

}  // namespace

/// A request, and what is needed to say what came of it.
struct Oauth::Call {
    std::string what;
    HttpRequest request;
    /// What a 400 or 401 means that is not about the application.
    Kind refusal = Kind::refused;

    std::vector<Secret> secrets() const {
        std::vector<Secret> all = {request.authorization};
        for (const auto& field : request.secret_form) all.push_back(field.value);
        return all;
    }
};

Oauth::Oauth(HttpClient& http, std::string id_url)
    : http_(http), id_url_(without_slash(std::move(id_url))) {}

Oauth::Call Oauth::post(std::string what, const std::string& path, std::vector<HttpField> form,
                        std::vector<HttpSecretField> secret_form) const {
    Call call;
    call.what = std::move(what);
    call.request.method = HttpRequest::Method::post;
    call.request.url = id_url_ + path;
    call.request.form = std::move(form);
    call.request.secret_form = std::move(secret_form);
    return call;
}

asio::awaitable<OauthResult<HttpResponse>> Oauth::ask(Call call) {
    const auto secrets = call.secrets();
    const auto what =
        call.what + " (" + method_name(call.request.method) + " " + call.request.url + ")";
    HttpResponse response;
    std::string lost;
    try {
        response = co_await http_.send(std::move(call.request));
    } catch (const LinkLost& failed) {
        lost = failed.what();
    }
    const int status = response.status;
    if (!lost.empty()) co_return failure(call.what, Kind::unreachable, 0, "", lost);
    if (status >= 200 && status < 300) co_return response;
    const auto said = refusal_text(response.body, secrets);
    const auto kind = kind_of(status, said, call.refusal);
    auto reason = (said ? "Twitch answered " : "the server answered ") + std::to_string(status);
    if (said && !said->empty()) reason += " '" + *said + "'";
    co_return failure(what, kind, status, said.value_or(""), reason);
}

asio::awaitable<OauthResult<JsonValue>> Oauth::ask_for_json(Call call) {
    const auto what = call.what;
    const auto response = co_await ask(std::move(call));
    if (response.has_error()) co_return response.error();
    auto body = JsonValue::parse(response->body);
    if (body.has_error()) co_return not_expected(what, response->status, body.error().message);
    co_return std::move(*body);
}

asio::awaitable<OauthResult<TokenPair>> Oauth::ask_for_tokens(Call call) {
    const auto what = call.what;
    const auto body = co_await ask_for_json(std::move(call));
    if (body.has_error()) co_return body.error();
    auto pair = read_pair(*body);
    if (!pair) co_return not_expected(what, 200, "it has no access_token");
    co_return std::move(*pair);
}

asio::awaitable<OauthResult<Validation>> Oauth::validate(Secret token) {
    Call call;
    call.what = "validating a token";
    call.request.url = id_url_ + "/validate";
    call.request.authorization_scheme = "OAuth";
    call.request.authorization = std::move(token);
    const auto what = call.what;
    const auto body = co_await ask_for_json(std::move(call));
    if (body.has_error()) co_return body.error();
    auto validation = read_validation(*body);
    if (!validation) co_return not_expected(what, 200, "it has no client_id");
    co_return std::move(*validation);
}

asio::awaitable<OauthResult<TokenPair>> Oauth::refresh(Secret refresh_token, std::string client_id,
                                                       Secret client_secret) {
    std::vector<HttpField> form = {{"grant_type", "refresh_token"},
                                   {"client_id", std::move(client_id)}};
    std::vector<HttpSecretField> secrets = {{"refresh_token", std::move(refresh_token)}};
    if (!client_secret.empty()) secrets.push_back({"client_secret", std::move(client_secret)});
    return ask_for_tokens(
        post("refreshing a token", "/token", std::move(form), std::move(secrets)));
}

asio::awaitable<OauthResult<DeviceCode>> Oauth::start_device(std::string client_id,
                                                             std::vector<std::string> scopes) {
    std::vector<HttpField> form = {{"client_id", std::move(client_id)}, {"scopes", joined(scopes)}};
    auto call = post("asking for a device code", "/device", std::move(form), {});
    // There is no token yet that could be wrong.
    call.refusal = Kind::misconfigured;
    const auto what = call.what;
    const auto body = co_await ask_for_json(std::move(call));
    if (body.has_error()) co_return body.error();
    auto device = read_device(*body);
    if (!device) co_return not_expected(what, 200, "it has no device_code or verification_uri");
    co_return std::move(*device);
}

asio::awaitable<OauthResult<TokenPair>> Oauth::poll_device(DeviceCode device, std::string client_id,
                                                           const std::vector<std::string>& scopes) {
    std::vector<HttpField> form = {{"client_id", std::move(client_id)},
                                   {"scopes", joined(scopes)},
                                   {"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}};
    std::vector<HttpSecretField> secrets = {{"device_code", std::move(device.device_code)}};
    return ask_for_tokens(
        post("asking whether the code is approved", "/token", std::move(form), std::move(secrets)));
}

asio::awaitable<OauthResult<void>> Oauth::revoke(Secret token, std::string client_id) {
    std::vector<HttpField> form = {{"client_id", std::move(client_id)}};
    std::vector<HttpSecretField> secrets = {{"token", std::move(token)}};
    auto call = post("revoking a token", "/revoke", std::move(form), std::move(secrets));
    const auto response = co_await ask(std::move(call));
    if (response.has_error()) co_return response.error();
    co_return OauthResult<void>();
}

}  // namespace coven
