#include "coven/nearest.hpp"

#include <algorithm>

namespace coven {

namespace {

/// A name that differs in more letters was hardly meant.
constexpr std::size_t most_changes = 3;
/// Shorter beginnings fit too many names.
constexpr std::size_t shortest_beginning = 3;

bool is_near(std::string_view word, std::size_t distance) {
    return distance <= most_changes && distance * 2 <= word.size();
}

bool begins_so(std::string_view name, std::string_view word) {
    return word.size() >= shortest_beginning && name.starts_with(word);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    std::size_t nearest = most_changes + 1;
    const std::string* meant = nullptr;
    for (const auto& name : known) {
        const auto distance = edit_distance(word, name);
        if (distance >= nearest || !is_near(word, distance)) continue;
        nearest = distance;
        meant = &name;
    }
    for (const auto& name : known) {
        if (meant == nullptr && begins_so(name, word)) meant = &name;
    }
    return meant == nullptr ? "" : ", did you mean '" + *meant + "'?";
}

}  // namespace coven
