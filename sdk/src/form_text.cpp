#include "form_text.hpp"

#include <utility>

namespace coven {

namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char character : text) {
        if (unreserved.find(character) != std::string_view::npos) {
            out += character;
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (!out.empty()) out += '&';
    append_encoded(out, name);
    out += '=';
    append_encoded(out, value);
}

}  // namespace

std::string form_text(const std::vector<HttpField>& fields) {
    std::string text;
    for (const auto& field : fields) append_field(text, field.name, field.value);
    return text;
}

Secret form_text(const std::vector<HttpField>& fields,
                 const std::vector<HttpSecretField>& secrets) {
    auto text = form_text(fields);
    // Room for the longest encoding: a text that grew on the way would leave copies behind.
    auto room = text.size();
    for (const auto& secret : secrets) {
        room += 2 + 3 * (secret.name.size() + secret.value.reveal().size());
    }
    text.reserve(room);
    for (const auto& secret : secrets) append_field(text, secret.name, secret.value.reveal());
    return Secret(std::move(text));
}

}  // namespace coven
