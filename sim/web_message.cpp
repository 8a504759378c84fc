#include "web_message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace coven::sim {
namespace {

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const auto digits = text[i] == '%' ? text.substr(i + 1, 2) : std::string_view();
        const auto* const end = digits.data() + digits.size();
        const bool is_escape =
            digits.size() == 2 && std::from_chars(digits.data(), end, byte, 16).ptr == end;
        plain += is_escape ? static_cast<char>(byte) : text[i] == '+' ? ' ' : text[i];
        if (is_escape) i += 2;
    }
    return plain;
}

}  // namespace

std::string_view value_of(const WebFields& fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &WebField::name);
    return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::vector<std::string> values_of(const WebFields& fields, std::string_view name) {
    std::vector<std::string> values;
    for (const auto& field : fields) {
        if (field.name == name) values.push_back(field.value);
    }
    return values;
}

WebFields parse_form(std::string_view text) {
    WebFields fields;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = pair.substr(std::min(equals + 1, pair.size()));
        fields.push_back({decoded(pair.substr(0, equals)), decoded(value)});
    }
    return fields;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string written;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '.' ||
                                              c == '_' || c == '~');
        if (is_plain) {
            written += c;
        } else {
            written.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
        }
    }
    return written;
}

void set_target(WebRequest& request, std::string_view target) {
    const auto end = std::min(target.find('?'), target.size());
    request.path = target.substr(0, end);
    request.query = parse_form(target.substr(std::min(end + 1, target.size())));
}

}  // namespace coven::sim
