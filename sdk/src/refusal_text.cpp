#include "refusal_text.hpp"

#include "coven/json_value.hpp"
#include "coven/log.hpp"
#include "coven/lower_case.hpp"

namespace coven {

namespace {

constexpr std::size_t max_bytes = 300;
/// A shorter text is part of words; Twitch's tokens have 30 letters and more.
constexpr std::size_t shortest_secret = 6;

void take_out(std::string& text, std::string_view secret) {
    constexpr std::string_view instead = "[redacted]";
    if (secret.size() < shortest_secret) return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), instead);
        at += instead.size();
    }
}

}  // namespace

std::optional<std::string> refusal_text(std::string_view body, const std::vector<Secret>& secrets) {
    const auto parsed = JsonValue::parse(body);
    if (parsed.has_error() || !parsed->is_object()) return std::nullopt;
    const auto message = parsed->member("message").text();
    const auto error = parsed->member("error").text();
    if (!message && !error && !parsed->member("status").number()) return std::nullopt;
    auto text = message.value_or(error.value_or(""));
    for (const auto& secret : secrets) take_out(text, secret.reveal());
    if (text.size() > max_bytes) text = text.substr(0, max_bytes) + "…";
    return log::escaped(text);
}

bool says(std::string_view text, std::string_view part) {
    return lower_case(text).find(part) != std::string::npos;
}

}  // namespace coven
