#include "id_api.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "chat.hpp"
#include "coven/lower_case.hpp"
#include "coven/utf8.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

/// With the name of the status beside it, as some of its answers have it.
WebAnswer bad_request(std::string_view message) {
    const json::object body{{"error", "Bad Request"}, {"status", 400}, {"message", message}};
    return {.status = 400, .headers = {}, .body = json::serialize(body)};
}

WebAnswer success(const json::object& body) {
    return {.status = 200, .headers = {}, .body = json::serialize(body)};
}

json::array list_of(const Scopes& scopes) {
    json::array list;
    for (const auto& scope : scopes) list.emplace_back(scope);
    return list;
}

/// Body and query: fields are taken from either.
WebFields form_of(const WebRequest& request) {
    auto form = parse_form(request.body);
    form.insert(form.end(), request.query.begin(), request.query.end());
    return form;
}

Scopes scopes_of(std::string_view text) {
    Scopes scopes;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) scopes.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    std::ranges::sort(scopes);
    // The one in std::ranges cannot be read by clang 14.
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    return scopes;
}

bool is_scope(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '_';
    });
}

std::string joined(const Scopes& scopes) {
    std::string text;
    for (const auto& scope : scopes) text.append(text.empty() ? "" : " ").append(scope);
    return text;
}

WebAnswer granted(const IssuedPair& pair) {
    json::object body{{"access_token", pair.access}, {"expires_in", pair.expires_in.count()}};
    if (!pair.refresh.empty()) body.emplace("refresh_token", pair.refresh);
    if (!pair.scopes.empty()) body.emplace("scope", list_of(pair.scopes));
    body.emplace("token_type", "bearer");
    return success(body);
}

/// Why the application that owns `form` is not believed, if so. A public one has nothing to prove.
std::optional<WebAnswer> doubt(const Application& application, const WebFields& form) {
    if (application.is_public()) return std::nullopt;
    const auto secret = value_of(form, "client_secret");
    if (secret.empty()) return id_refusal(400, "missing client secret");
    if (secret != application.secret.reveal()) return id_refusal(403, "invalid client secret");
    return std::nullopt;
}

}  // namespace

std::string_view token_in(const WebRequest& request) {
    const auto header = value_of(request.headers, "authorization");
    const auto space = std::min(header.find(' '), header.size());
    const auto scheme = lower_case(header.substr(0, space));
    if (scheme != "oauth" && scheme != "bearer") return {};
    return header.substr(std::min(space + 1, header.size()));
}

WebAnswer id_refusal(unsigned status, std::string_view message) {
    const json::object body{{"status", status}, {"message", message}};
    return {.status = status, .headers = {}, .body = json::serialize(body)};
}

WebAnswer IdApi::answer(const WebRequest& request) {
    struct Entry {
        std::string_view method;
        std::string_view path;
        WebAnswer (IdApi::*answer)(const WebRequest&);
    };
    static constexpr std::array<Entry, 5> entries = {{
        {"GET", "/oauth2/validate", &IdApi::validate},
        {"GET", "/oauth2/authorize", &IdApi::authorize},
        {"POST", "/oauth2/device", &IdApi::start_device},
        {"POST", "/oauth2/token", &IdApi::issue_token},
        {"POST", "/oauth2/revoke", &IdApi::revoke},
    }};
    const auto* const found = std::ranges::find_if(entries, [&request](const Entry& entry) {
        return entry.method == request.method && entry.path == request.path;
    });
    if (found == entries.end()) return id_refusal(404, "Not Found");
    return (this->*found->answer)(request);
}

WebAnswer IdApi::validate(const WebRequest& request) {
    if (value_of(request.headers, "authorization").empty()) {
        return id_refusal(401, "missing authorization token");
    }
    const auto* const token = accounts_.find(token_in(request));
    if (token == nullptr) return id_refusal(401, "invalid access token");
    json::object body{{"client_id", token->client_id}};
    if (const auto* user = users_.with_id(token->user_id)) {
        body.emplace("login", user->login);
        // null, not an empty list, is what clients have seen for a user's token without scopes.
        body.emplace("scopes", token->scopes.empty() ? json::value(nullptr)
                                                     : json::value(list_of(token->scopes)));
        body.emplace("user_id", user->id);
    } else {
        body.emplace("scopes", json::array());
    }
    body.emplace("expires_in", accounts_.time_left(*token).count());
    return success(body);
}

WebAnswer IdApi::authorize(const WebRequest& request) {
    const auto& query = request.query;
    const auto* const application = accounts_.application(value_of(query, "client_id"));
    const std::string back(value_of(query, "redirect_uri"));
    if (application == nullptr) return id_refusal(400, "invalid client");
    if (back.empty()) return id_refusal(400, "missing redirect_uri");
    // It becomes a header.
    const bool is_visible = std::ranges::all_of(back, [](char c) { return c > ' ' && c < '\x7f'; });
    if (!is_visible) return id_refusal(400, "invalid redirect_uri");
    if (value_of(query, "response_type") != "token") {
        return id_refusal(400, "invalid response type");
    }
    const auto scopes = scopes_of(value_of(query, "scope"));
    const auto state = "&state=" + encoded(value_of(query, "state"));
    const auto pair = accounts_.issue_implicitly(*application, scopes);
    // In the fragment, which browsers keep to themselves; a refusal is in the query.
    const auto address = pair ? back + "#access_token=" + pair->access +
                                    "&scope=" + encoded(joined(scopes)) + state +
                                    "&token_type=bearer"
                              : back + "?error=access_denied&error_description=" +
                                    encoded("The user denied you access") + state;
    return {.status = 302, .headers = {{"Location", address}}, .body = {}};
}

WebAnswer IdApi::start_device(const WebRequest& request) {
    const auto form = form_of(request);
    const auto* const application = accounts_.application(value_of(form, "client_id"));
    if (application == nullptr) return id_refusal(400, "invalid client");
    auto scopes = scopes_of(value_of(form, "scopes"));
    for (const auto& scope : scopes) {
        if (!is_scope(scope))
            return id_refusal(400, "invalid scope requested: '" + to_utf8(scope) + "'");
    }
    const auto code = accounts_.start_device(*application, std::move(scopes));
    const std::string kind = application->is_public() ? "public=true&" : "";
    return success({{"device_code", code.device_code},
                    {"expires_in", code.expires_in.count()},
                    {"interval", code.interval.count()},
                    {"user_code", code.user_code},
                    {"verification_uri",
                     "https://www.twitch.tv/activate?" + kind + "device-code=" + code.user_code}});
}

WebAnswer IdApi::issue_token(const WebRequest& request) {
    struct Entry {
        std::string_view grant_type;
        WebAnswer (IdApi::*answer)(const Application&, const WebFields&);
    };
    static constexpr std::array<Entry, 3> entries = {{
        {"urn:ietf:params:oauth:grant-type:device_code", &IdApi::redeem_device},
        {"refresh_token", &IdApi::refresh},
        {"client_credentials", &IdApi::issue_to_application},
    }};
    const auto form = form_of(request);
    const auto* const application = accounts_.application(value_of(form, "client_id"));
    if (application == nullptr) return id_refusal(400, "invalid client");
    const auto* const found =
        std::ranges::find(entries, value_of(form, "grant_type"), &Entry::grant_type);
    if (found == entries.end()) return id_refusal(400, "invalid grant type");
    return (this->*found->answer)(*application, form);
}

WebAnswer IdApi::redeem_device(const Application& application, const WebFields& form) {
    const std::string code(value_of(form, "device_code"));
    const auto scopes = scopes_of(value_of(form, "scopes"));
    const auto pair = accounts_.redeem_device(application, code, scopes);
    return pair ? granted(*pair) : id_refusal(400, pair.error().message);
}

WebAnswer IdApi::refresh(const Application& application, const WebFields& form) {
    if (const auto refused = doubt(application, form)) return *refused;
    const std::string token(value_of(form, "refresh_token"));
    const auto pair = accounts_.refresh(application, token);
    return pair ? granted(*pair) : bad_request(pair.error().message);
}

WebAnswer IdApi::issue_to_application(const Application& application, const WebFields& form) {
    if (application.is_public()) return id_refusal(400, "invalid client");
    if (const auto refused = doubt(application, form)) return *refused;
    return granted(accounts_.issue_to_application(application));
}

WebAnswer IdApi::revoke(const WebRequest& request) {
    const auto form = form_of(request);
    const auto* const application = accounts_.application(value_of(form, "client_id"));
    if (application == nullptr) return id_refusal(404, "client does not exist");
    if (!accounts_.revoke(*application, value_of(form, "token"))) {
        return id_refusal(400, "Invalid token");
    }
    return {};
}

}  // namespace coven::sim
