#include "composer.hpp"

#include <algorithm>
#include <array>

#include "emotes.hpp"

namespace coven::sim {
namespace {

using namespace std::string_view_literals;

constexpr std::array words = {
    "hello"sv,    "chat"sv,   "that"sv,     "was"sv,         "close"sv,   "again"sv, "what"sv,
    "a"sv,        "play"sv,   "no"sv,       "way"sv,         "the"sv,     "boss"sv,  "is"sv,
    "next"sv,     "room"sv,   "gg"sv,       "lol"sv,         "first"sv,   "time"sv,  "here"sv,
    "love"sv,     "this"sv,   "song"sv,     "wait"sv,        "for"sv,     "it"sv,    "clip"sv,
    "left"sv,     "right"sv,  "door"sv,     "behind"sv,      "you"sv,     "do"sv,    "not"sv,
    "trust"sv,    "him"sv,    "speedrun"sv, "record"sv,      "tonight"sv, "good"sv,  "night"sv,
    "everyone"sv, "50/50"sv,  "a;b"sv,      "back\\slash"sv, "k=v"sv,     ":)"sv,    "don't"sv,
    "größer"sv,   "привет"sv, "日本語"sv,   "안녕하세요"sv,  "ça"sv,      "naïve"sv, "¿qué?"sv};

constexpr std::array emoji = {
    "😂"sv, "🎉"sv, "🔥"sv, "❤️"sv, "👨‍👩‍👧‍👦"sv, "🇩🇪"sv, "👍🏽"sv, "🤔"sv};

/// Mostly a few words, now and then as long as Twitch allows (500 code points).
std::size_t wanted_code_points(std::mt19937_64& random) {
    if (happens(random, 2)) return 440;
    if (happens(random, 15)) return 80 + below(random, 120);
    return 1 + below(random, 60);
}

}  // namespace

std::size_t below(std::mt19937_64& random, std::size_t bound) { return random() % bound; }

bool happens(std::mt19937_64& random, double percent) {
    return static_cast<double>(random() % 100'000) < percent * 1000;
}

void Composer::clear() {
    text_.clear();
    code_points_ = 0;
    spans_.clear();
}

void Composer::add_word(std::string_view word) {
    if (!text_.empty()) {
        text_ += ' ';
        ++code_points_;
    }
    text_ += word;
    code_points_ += count_code_points(word);
}

void Composer::add_emote(std::string_view name, std::string_view id) {
    add_word(name);
    const auto first = code_points_ - count_code_points(name);
    const auto span = std::to_string(first) + "-" + std::to_string(code_points_ - 1);
    const auto known = std::ranges::find(spans_, id, [](const auto& entry) { return entry.first; });
    if (known == spans_.end()) {
        spans_.emplace_back(id, span);
    } else {
        known->second.append(",").append(span);
    }
}

std::string Composer::emotes() const {
    std::string written;
    for (const auto& [id, spans] : spans_) {
        if (!written.empty()) written += '/';
        written.append(id).append(":").append(spans);
    }
    return written;
}

void compose(Composer& composer, std::mt19937_64& random) {
    const auto wanted = wanted_code_points(random);
    while (composer.code_points() < wanted) {
        const auto kind = below(random, 10);
        if (kind == 0) {
            composer.add_word(emoji[below(random, emoji.size())]);
        } else if (kind <= 2) {
            const auto emotes = all_emotes();
            const auto& emote = emotes[below(random, emotes.size())];
            composer.add_emote(emote.name, emote.id);
        } else {
            composer.add_word(words[below(random, words.size())]);
        }
    }
}

}  // namespace coven::sim
