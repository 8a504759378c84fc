#include "chat_lines.hpp"

#include <filesystem>
#include <fstream>

#include "chat_message.hpp"

namespace bench {

namespace {

namespace fs = std::filesystem;

bool is_message(const std::string& text) {
    const auto line = chat::IrcLine::parse(text);
    if (!line) return false;
    chat::ChatMessageWriter writer;
    return writer.write(*line).has_value();
}

/// Adds the messages of a file; how many these were.
std::size_t read_file(const fs::path& path, std::vector<std::string>& lines) {
    const auto before = lines.size();
    std::ifstream file(path, std::ios::binary);
    for (std::string text; std::getline(file, text);) {
        if (text.ends_with('\r')) text.pop_back();
        if (is_message(text)) lines.push_back(text);
    }
    return lines.size() - before;
}

}  // namespace

ChatLines chat_lines() {
    ChatLines found;
    for (const auto& folder : fs::directory_iterator(COVEN_RECORDINGS "/chat")) {
        read_file(folder.path() / "input.txt", found.lines);
    }
    found.origin = std::to_string(found.lines.size()) + " written by hand";
    const auto recorded = read_file(COVEN_SHARED_RECORDINGS "/twitch-chat-lines.txt", found.lines);
    found.origin += ", " + std::to_string(recorded) + " recorded";
    return found;
}

}  // namespace bench
