#include "coven/in_quotes.hpp"

#include "coven/utf8.hpp"

namespace coven {

namespace {

constexpr std::size_t most_bytes = 300;

std::string_view beginning_of(std::string_view text) {
    auto rest = text;
    while (!rest.empty()) {
        const auto before = rest;
        take_code_point(rest);
        if (text.size() - rest.size() > most_bytes)
            return text.substr(0, text.size() - before.size());
    }
    return text;
}

}  // namespace

std::string in_quotes(std::string_view text) {
    const auto shown = beginning_of(text);
    const auto* const end = shown.size() < text.size() ? "…'" : "'";
    return std::string("'").append(shown).append(end);
}

}  // namespace coven
