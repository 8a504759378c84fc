#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coven/result.hpp"

namespace coven {

/// Longest topic, in bytes.
inline constexpr std::size_t max_topic_bytes = 200;
/// Longest word of a topic, in bytes.
inline constexpr std::size_t max_word_bytes = 64;

/// What keeps `word` from being a word of a topic, or nullptr. A word is 1 to 64 of [a-z0-9_-].
constexpr const char* word_fault(std::string_view word) {
    if (word.empty()) return "has an empty word";
    if (word.size() > max_word_bytes) return "has a word of more than 64 bytes";
    for (const char c : word) {
        const bool allowed =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!allowed) return "has a character outside of a-z, 0-9, '_' and '-'";
    }
    return nullptr;
}

/// What keeps `text` from being a topic, or nullptr. Does not allocate: the broker asks it for
/// every event.
constexpr const char* topic_fault(std::string_view text) {
    if (text.size() > max_topic_bytes) return "has more than 200 bytes";
    for (;;) {
        const auto dot = text.find('.');
        if (const char* fault = word_fault(text.substr(0, dot))) return fault;
        if (dot == std::string_view::npos) return nullptr;
        text.remove_prefix(dot + 1);
    }
}

/// What keeps `text` from being a pattern, or nullptr.
constexpr const char* pattern_fault(std::string_view text) {
    if (text.size() > max_topic_bytes) return "has more than 200 bytes";
    for (;;) {
        const auto dot = text.find('.');
        const auto word = text.substr(0, dot);
        if (word == ">" && dot != std::string_view::npos) return "has '>' before its last word";
        const bool wildcard = word == "*" || word == ">";
        if (const char* fault = wildcard ? nullptr : word_fault(word)) return fault;
        if (dot == std::string_view::npos) return nullptr;
        text.remove_prefix(dot + 1);
    }
}

/// Where an event is published: lower-case words joined by dots. Example: twitch.chat.xqc.message.
class Topic {
  public:
    static Result<Topic> parse(std::string_view text);

    const std::string& text() const { return text_; }
    friend bool operator==(const Topic&, const Topic&) = default;

  private:
    explicit Topic(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// A pattern written in the source: a malformed one does not compile.
struct PatternLiteral {
    std::string_view text;

    consteval PatternLiteral(const char* literal) : text(literal) {
        if (pattern_fault(text) != nullptr) throw "malformed pattern";
    }
};

/// Which topics to read, with NATS' wildcards: `*` is one word, `>` at the end one word or more.
/// Examples: twitch.chat.xqc.>   twitch.*.xqc.>   twitch.chat.*.message   >
class Pattern {
  public:
    static Result<Pattern> parse(std::string_view text);
    Pattern(PatternLiteral literal) : Pattern(Valid(std::string(literal.text))) {}

    const std::string& text() const { return text_; }
    /// `topic` without its NUL. Topics of the bus' own machinery (`~…`) never match.
    bool matches(std::string_view topic) const;
    /// What to subscribe at ZeroMQ, which matches byte prefixes: everything before the first
    /// wildcard, or the exact topic with the NUL that ends it on the wire. Empty for `>` and `*…`.
    const std::string& prefix() const { return prefix_; }
    /// How each topic that matches begins: `prefix` without that NUL. Valid as long as this.
    std::string_view beginning() const {
        std::string_view text = prefix_;
        if (text.ends_with('\0')) text.remove_suffix(1);
        return text;
    }

  private:
    struct Valid {
        explicit Valid(std::string checked) : text(std::move(checked)) {}
        std::string text;
    };
    explicit Pattern(Valid valid);

    std::string text_;
    std::string prefix_;
};

/// All of `texts`, a range of strings; fails for the first that is no pattern.
template <class Texts>
Result<std::vector<Pattern>> parse_patterns(const Texts& texts) {
    std::vector<Pattern> patterns;
    for (const auto& text : texts) {
        auto pattern = Pattern::parse(text);
        if (pattern.has_error()) return pattern.error();
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

}  // namespace coven
