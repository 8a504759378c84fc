// Reads lines of chat on stdin and says on stdout, as one line of JSON each, what our parser makes
// of them: {"tags": {…}, "prefix": "…", "command": "…", "parameters": […]}, or null.
#include <iostream>
#include <string>

#include <boost/json.hpp>

#include "coven/utf8.hpp"
#include "irc_line.hpp"

namespace json = boost::json;

namespace {

json::string text(std::string_view bytes) { return json::string(coven::to_utf8(bytes)); }

json::value dump(std::string_view input) {
    const auto line = chat::IrcLine::parse(input);
    if (!line) return nullptr;
    std::string scratch;
    json::object tags;
    for (const auto& tag : line->tags()) {
        tags[coven::to_utf8(tag.name)] = text(chat::unescape(tag, scratch));
    }
    json::array parameters;
    for (const auto& parameter : line->parameters()) parameters.push_back(text(parameter));
    return {{"tags", std::move(tags)},
            {"prefix", text(line->prefix())},
            {"command", text(line->command())},
            {"parameters", std::move(parameters)}};
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << json::serialize(dump(line)) << '\n';
    }
}
