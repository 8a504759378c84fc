#include "journal/families.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view bus = "bus";

bool is_wildcard(std::string_view word) { return word == "*" || word == ">"; }

struct Beginning {
    std::string_view first;
    /// Empty: there is only one word.
    std::string_view second;
};

Beginning beginning_of(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return {text, {}};
    const auto rest = text.substr(dot + 1);
    return {text.substr(0, dot), rest.substr(0, rest.find('.'))};
}

}  // namespace

std::string_view family_of(std::string_view topic) {
    const auto [first, second] = beginning_of(topic);
    if (first == bus) return bus;
    return second.empty() ? other_topics : second;
}

bool may_match(const Pattern& pattern, std::string_view family) {
    if (family == other_topics) return true;
    const auto [first, second] = beginning_of(pattern.text());
    if (first == ">" || is_wildcard(second) || second == family) return true;
    return family == bus && (first == bus || first == "*");
}

}  // namespace coven::broker
