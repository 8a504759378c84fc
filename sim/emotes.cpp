#include "emotes.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace coven::sim {
namespace {

using namespace std::string_view_literals;

constexpr std::array emotes = {Emote{"Kappa", "25"},
                               Emote{"LUL", "425618"},
                               Emote{"PogChamp", "305954156"},
                               Emote{"NotLikeThis", "58765"},
                               Emote{"BibleThump", "86"},
                               Emote{"HeyGuys", "30259"},
                               Emote{"covenHi", "emotesv2_0c0e11f0b2a04a5cbd1ea2f2a8a3d1c7"},
                               Emote{"covenGG", "emotesv2_5b1d3c7e9f0a4d2b8c6e1f7a9b3d5e01"}};

const Emote* find_emote(std::string_view name) {
    const auto* const found = std::ranges::find(emotes, name, &Emote::name);
    return found == emotes.end() ? nullptr : found;
}

/// Calls `use` with each word of `text`, also with empty ones, and where it begins.
template <class Use>
void for_each_word(std::string_view text, Use use) {
    std::size_t place = 0;
    for (bool goes_on = true; goes_on;) {
        const auto end = text.find(' ');
        goes_on = end != std::string_view::npos;
        const auto word = text.substr(0, end);
        use(word, place);
        place += count_code_points(word) + 1;
        text.remove_prefix(goes_on ? end + 1 : text.size());
    }
}

}  // namespace

std::span<const Emote> all_emotes() { return emotes; }

std::string emotes_in(std::string_view text) {
    std::vector<std::pair<std::string_view, std::string>> spans;
    for_each_word(text, [&spans](std::string_view word, std::size_t place) {
        const auto* const emote = find_emote(word);
        if (emote == nullptr) return;
        auto span = std::to_string(place) + "-" + std::to_string(place + word.size() - 1);
        const auto known = std::ranges::find(spans, emote->id, [](auto& one) { return one.first; });
        if (known == spans.end()) {
            spans.emplace_back(emote->id, std::move(span));
        } else {
            known->second.append(",").append(span);
        }
    });
    std::string written;
    for (const auto& [id, places] : spans) {
        if (!written.empty()) written += '/';
        written.append(id).append(":").append(places);
    }
    return written;
}

bool is_emotes_only(std::string_view text) {
    bool has_other = false;
    for_each_word(text, [&has_other](std::string_view word, std::size_t) {
        has_other = has_other || (!word.empty() && find_emote(word) == nullptr);
    });
    return !has_other;
}

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace coven::sim
