// A topic and a pattern, on one line each.

#include "coven/topic.hpp"

#include <algorithm>
#include <string>

#include "target.hpp"

namespace {

/// The rule as people say it, word by word; slow and plain.
bool matches_plainly(std::string_view pattern, std::string_view topic) {
    const auto word_end = [](std::string_view text) {
        return std::min(text.find('.'), text.size());
    };
    for (;;) {
        const auto wanted = pattern.substr(0, word_end(pattern));
        const auto word = topic.substr(0, word_end(topic));
        if (wanted == ">") return true;
        if (wanted != "*" && wanted != word) return false;
        const bool pattern_ends = wanted.size() == pattern.size();
        const bool topic_ends = word.size() == topic.size();
        if (pattern_ends || topic_ends) return pattern_ends && topic_ends;
        pattern.remove_prefix(wanted.size() + 1);
        topic.remove_prefix(word.size() + 1);
    }
}

}  // namespace

void look_at(std::string_view input) {
    const auto end = std::min(input.find('\n'), input.size());
    const auto topic = coven::Topic::parse(input.substr(0, end));
    const auto pattern = coven::Pattern::parse(input.substr(std::min(end + 1, input.size())));
    if (topic) demand(topic->text().size() <= coven::max_topic_bytes, "topics are short");
    if (pattern) demand(!pattern->matches("~s.token"), "nobody sees the machinery");
    if (!topic || !pattern) return;
    const auto matches = pattern->matches(topic->text());
    demand(matches == matches_plainly(pattern->text(), topic->text()), "wildcards match as told");
    const auto on_the_wire = topic->text() + '\0';
    demand(!matches || on_the_wire.starts_with(pattern->prefix()),
           "what matches is within the prefix that is subscribed");
}
