#include "coven/topic.hpp"

#include "coven/in_quotes.hpp"

namespace coven {

namespace {

std::string_view take_word(std::string_view& text) {
    const auto dot = text.find('.');
    const auto word = text.substr(0, dot);
    text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
    return word;
}

std::string prefix_of(const std::string& pattern) {
    const auto wildcard = pattern.find_first_of("*>");
    if (wildcard != std::string::npos) return pattern.substr(0, wildcard);
    return pattern + '\0';
}

}  // namespace

Result<Topic> Topic::parse(std::string_view text) {
    if (const char* fault = topic_fault(text))
        return Error("topic " + (fault + (": " + in_quotes(text))));
    return Topic(std::string(text));
}

Result<Pattern> Pattern::parse(std::string_view text) {
    if (const char* fault = pattern_fault(text))
        return Error("pattern " + (fault + (": " + in_quotes(text))));
    return Pattern(Valid(std::string(text)));
}

Pattern::Pattern(Valid valid) : text_(std::move(valid.text)), prefix_(prefix_of(text_)) {}

bool Pattern::matches(std::string_view topic) const {
    if (topic.empty() || topic.front() == '~') return false;
    std::string_view pattern = text_;
    while (!pattern.empty()) {
        const auto wanted = take_word(pattern);
        if (wanted == ">") return !topic.empty();
        if (topic.empty()) return false;
        const auto word = take_word(topic);
        if (wanted != "*" && wanted != word) return false;
    }
    return topic.empty();
}

}  // namespace coven
