#include "irc_line.hpp"

#include <algorithm>

namespace chat {

namespace {

std::string_view without_spaces_in_front(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

/// Takes everything before the first space off `rest`, and the spaces.
std::string_view take_word(std::string_view& rest) {
    const auto word = rest.substr(0, rest.find(' '));
    rest = without_spaces_in_front(rest.substr(word.size()));
    return word;
}

char unescaped(char c) {
    switch (c) {
        case ':':
            return ';';
        case 's':
            return ' ';
        case 'r':
            return '\r';
        case 'n':
            return '\n';
        default:
            return c;
    }
}

}  // namespace

void IrcTags::Iterator::step() {
    do {
        // Names are short: a loop beats a call of memchr.
        std::size_t name_end = 0;
        while (name_end < rest_.size() && rest_[name_end] != '=' && rest_[name_end] != ';') {
            ++name_end;
        }
        tag_.name = rest_.substr(0, name_end);
        rest_.remove_prefix(name_end);
        const auto end = std::min(rest_.find(';'), rest_.size());
        tag_.value = end == 0 ? std::string_view() : rest_.substr(1, end - 1);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
    } while (tag_.name.empty() && !rest_.empty());
}

std::string_view IrcTags::find(std::string_view name) const {
    std::string_view value;
    for (const auto& tag : *this) {
        if (tag.name == name) value = tag.value;
    }
    return value;
}

coven::Result<IrcLine> IrcLine::parse(std::string_view text) {
    coven::Result<IrcLine> line = IrcLine();
    line->text_ = text;
    auto rest = without_spaces_in_front(text);
    if (rest.starts_with('@')) line->tags_ = IrcTags(take_word(rest).substr(1));
    if (rest.starts_with(':')) line->prefix_ = take_word(rest).substr(1);
    line->command_ = take_word(rest);
    if (line->command_.empty()) line = coven::Error("line has no command");
    if (line.has_value()) line->take_parameters(rest);
    return line;
}

void IrcLine::take_parameters(std::string_view rest) {
    while (!rest.empty()) {
        const bool last = rest.front() == ':' || count_ + 1 == max_parameters;
        if (rest.front() == ':') rest.remove_prefix(1);
        parameters_[count_++] = last ? rest : take_word(rest);
        if (last) return;
    }
}

std::string_view IrcLine::nick() const {
    const auto end = prefix_.find('!');
    return end == std::string_view::npos ? std::string_view() : prefix_.substr(0, end);
}

std::string_view IrcLine::rest_from(std::size_t index) const {
    if (index >= count_) return {};
    const char* begin = parameters_[index].data();
    const auto& last = parameters_[count_ - 1];
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

std::string_view unescape(std::string_view value, std::string& scratch) {
    auto escape = value.find('\\');
    if (escape == std::string_view::npos) return value;
    scratch.clear();
    while (escape != std::string_view::npos) {
        scratch.append(value.substr(0, escape));
        value.remove_prefix(escape + 1);
        // A backslash at the very end means nothing.
        if (value.empty()) break;
        scratch.push_back(unescaped(value.front()));
        value.remove_prefix(1);
        escape = value.find('\\');
    }
    scratch.append(value);
    return scratch;
}

}  // namespace chat
