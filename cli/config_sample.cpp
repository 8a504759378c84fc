#include <cctype>
#include <sstream>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "config_sections.hpp"

namespace coven::cli {

namespace {

using Kind = Setting::Kind;

constexpr const char* head =
    "# coven.toml: every setting with its default. Made by `coven config sample`.\n"
    "#\n"
    "# Take away the '#' in front of what you want to change. Programs read the file that\n"
    "# --config or COVEN_CONFIG names; `coven config check -c FILE` says what is wrong with it.\n"
    "# A variable of the environment is stronger than this file, and a flag stronger than that.\n"
    "# A variable's name with _FILE at its end names a file that holds the value.\n";

constexpr const char* tail =
    "\n"
    "# Programs in any language that `coven up` starts beside ours, each under a name of yours:\n"
    "#\n"
    "#   [connectors.mine]\n"
    "#   command = [\"python3\", \"mine.py\"]\n";

/// TOML's basic strings escape as JSON's do.
std::string quoted(const std::string& text) {
    return boost::json::serialize(boost::json::value(text));
}

std::string value_of(const Setting& setting) {
    if (setting.kind == Kind::number || setting.kind == Kind::flag) return setting.fallback;
    if (setting.kind != Kind::list) return quoted(setting.fallback);
    std::string items;
    const auto config = Config::defaults({setting});
    for (const auto& item : config.list(setting.key)) {
        items += (items.empty() ? "" : ", ") + quoted(item);
    }
    return "[" + items + "]";
}

/// What else may stand there.
std::string range_of(const Setting& setting) {
    if (setting.allowed.empty()) return "";
    if (setting.kind == Kind::url) return "";
    if (setting.kind != Kind::choice) return ", " + setting.allowed;
    std::string words;
    for (const auto& word : setting.choices()) words += (words.empty() ? "" : ", ") + word;
    return ": " + words;
}

constexpr std::size_t widest = 100;

/// In lines that begin with "# ".
std::string prose(const std::string& text) {
    std::string lines;
    std::string line = "#";
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (line.size() + 1 + word.size() > widest) lines += std::exchange(line, "#") + "\n";
        line += " " + word;
    }
    return lines + line;
}

std::string sentence(std::string text) {
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

}  // namespace

std::string config_sample(const std::vector<Section>& sections) {
    std::string text = head;
    for (const auto& section : sections) {
        text += fmt::format("\n# {}.\n[{}]\n", section.title, section.name);
        for (const auto& setting : section.settings) {
            text += fmt::format("\n{}\n# {}\n#{} = {}\n",
                                prose(sentence(setting.help) + range_of(setting) + "."),
                                setting.variable(), setting.name(), value_of(setting));
        }
    }
    return text + tail;
}

}  // namespace coven::cli
