#include "token_file.hpp"

#include <cstdint>
#include <utility>

#include <boost/json.hpp>

namespace coven {

namespace {

namespace json = boost::json;

/// To be raised when an older program would misread the file.
constexpr std::int64_t format = 1;
/// The year 9999: times of a damaged file must not overflow.
constexpr std::int64_t latest = 253'402'300'800'000'000;

json::string shown(const Secret& secret) { return json::string(secret.reveal()); }

std::int64_t number_of(Time time) { return time.time_since_epoch().count(); }

/// The value of one kind under a name; `fallback` where there is none.
std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->c_str(), text->size());
}

std::int64_t number_in(const json::object& object, std::string_view name, std::int64_t fallback) {
    const auto* value = object.if_contains(name);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? fallback : *number;
}

Time time_in(const json::object& object, std::string_view name, Time fallback) {
    const auto number = number_in(object, name, number_of(fallback));
    if (number < 0 || number > latest) return fallback;
    return Time(std::chrono::microseconds(number));
}

std::vector<std::string> texts_in(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_array()) return texts;
    for (const auto& item : value->get_array()) {
        if (item.is_string()) texts.emplace_back(item.get_string().c_str());
    }
    return texts;
}

}  // namespace

Secret token_text(const StoredToken& token) {
    json::object object = {
        {"format", format},
        {"login", token.login},
        {"user_id", token.user_id},
        {"client_id", token.client_id},
        {"scopes", json::array(token.scopes.begin(), token.scopes.end())},
        {"access_token", shown(token.access)},
        {"refresh_token", shown(token.refresh)},
        {"obtained_at_us", number_of(token.obtained_at)},
        {"validated_at_us", number_of(token.validated_at)},
        {"previous_access_token", shown(token.previous_access)},
        {"previous_refresh_token", shown(token.previous_refresh)},
    };
    if (token.expires_at != Time::max()) object["expires_at_us"] = number_of(token.expires_at);
    return Secret(json::serialize(object) + "\n");
}

Result<StoredToken> parse_token(std::string_view text) {
    json::error_code fault;
    const auto value = json::parse(text, fault);
    if (fault || !value.is_object()) return Error("it is no JSON object");
    const auto& object = value.get_object();
    const auto written_as = number_in(object, "format", 0);
    if (written_as > format) return Error("it was written by a newer Coven");
    StoredToken token;
    token.login = text_in(object, "login");
    token.user_id = text_in(object, "user_id");
    token.client_id = text_in(object, "client_id");
    token.scopes = texts_in(object, "scopes");
    token.access = Secret(text_in(object, "access_token"));
    token.refresh = Secret(text_in(object, "refresh_token"));
    token.obtained_at = time_in(object, "obtained_at_us", Time{});
    token.expires_at = time_in(object, "expires_at_us", Time::max());
    token.validated_at = time_in(object, "validated_at_us", Time{});
    token.previous_access = Secret(text_in(object, "previous_access_token"));
    token.previous_refresh = Secret(text_in(object, "previous_refresh_token"));
    if (written_as != format || token.login.empty() || token.access.empty()) {
        return Error("it holds no token");
    }
    return token;
}

}  // namespace coven
