// Each chat/<name>/input.txt must become event.txtpb. UPDATE=1 rewrites them.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "chat_events.hpp"
#include "line_events/line_events.hpp"

namespace {

namespace fs = std::filesystem;

constexpr coven::Time received{std::chrono::microseconds(1790000000456000)};

std::string contents_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream contents;
    contents << file.rdbuf();
    return contents.str();
}

std::string as_text(const coven::v1::Event& event) {
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    printer.SetExpandAny(true);
    std::string text;
    printer.PrintToString(event, &text);
    return text;
}

std::string event_of(std::string_view text) {
    const auto line = chat::IrcLine::parse(text).value();
    if (line.command() == "PRIVMSG") {
        chat::ChatEvents events(chat::RawLines::keep);
        return as_text(*events.read(line, received).value());
    }
    chat::LineEvents events({.membership = true, .whispers = true});
    return as_text(events.read(line, received, "coven_bot").value().event);
}

TEST(ChatRecordings, BecomeTheirEvents) {
    const bool update = std::getenv("UPDATE") != nullptr;
    std::size_t compared = 0;
    for (const auto& entry : fs::directory_iterator(COVEN_RECORDINGS "/chat")) {
        auto line = contents_of(entry.path() / "input.txt");
        ASSERT_TRUE(line.ends_with('\n')) << entry.path();
        line.pop_back();
        const auto event = event_of(line);
        if (update) std::ofstream(entry.path() / "event.txtpb", std::ios::binary) << event;
        EXPECT_EQ(event, contents_of(entry.path() / "event.txtpb")) << entry.path();
        ++compared;
    }
    EXPECT_GT(compared, 0u);
}

TEST(RecordedLines, OfTheRealServerAreAllUnderstood) {
    std::ifstream file(COVEN_SHARED_RECORDINGS "/twitch-chat-lines.txt", std::ios::binary);
    if (!file) GTEST_SKIP() << "no ../shared/recordings beside the project";
    chat::ChatEvents events(chat::RawLines::keep);
    chat::LineEvents others({.membership = true, .whispers = true});
    std::size_t messages = 0;
    std::map<std::string, int> told;
    for (std::string text; std::getline(file, text);) {
        if (text.ends_with('\r')) text.pop_back();
        const auto line = chat::IrcLine::parse(text);
        ASSERT_TRUE(line.has_value()) << text;
        if (line->command() != "PRIVMSG") {
            if (const auto event = others.read(*line, received, "")) ++told[event->last_word];
            continue;
        }
        const auto event = events.read(*line, received);
        ASSERT_TRUE(event.has_value()) << text << ": " << event.error().message;
        EXPECT_EQ((*event)->raw(), text);
        EXPECT_FALSE((*event)->channel_login().empty()) << text;
        ++messages;
    }
    std::cout << messages << " messages\n";
    for (const auto& [last_word, count] : told) std::cout << count << " x " << last_word << "\n";
    EXPECT_GT(messages, 0u);
    // The one line in another tongue that is among them.
    EXPECT_EQ(told["raw"], 1);
    EXPECT_EQ(told["notice"], 17);
    EXPECT_EQ(told["clear"], 8);
}

}  // namespace
