#include "line_splitter.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace {

using chat::LineSplitter;
using Lines = std::vector<std::string>;

Lines lines_of(LineSplitter& splitter, std::string_view frame) {
    Lines lines;
    splitter.feed(frame);
    while (const auto line = splitter.next()) lines.emplace_back(*line);
    return lines;
}

TEST(LineSplitter, GivesEachLineOfAFrame) {
    LineSplitter splitter(100);
    EXPECT_EQ(lines_of(splitter, "one\r\ntwo\nthree\r\n"), (Lines{"one", "two", "three"}));
    EXPECT_EQ(lines_of(splitter, ""), Lines{});
    EXPECT_EQ(lines_of(splitter, "\r\n\n\r\n"), Lines{});
}

TEST(LineSplitter, JoinsALineThatWasSplitAnywhere) {
    const std::string text = "PING :a\r\nPONG :b\r\n";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        LineSplitter splitter(100);
        auto lines = lines_of(splitter, text.substr(0, cut));
        for (const auto& line : lines_of(splitter, text.substr(cut))) lines.push_back(line);
        EXPECT_EQ(lines, (Lines{"PING :a", "PONG :b"})) << cut;
    }
}

TEST(LineSplitter, JoinsALineThatComesByteByByte) {
    LineSplitter splitter(100);
    Lines lines;
    for (const char c : std::string("one\r\ntwo\r\n")) {
        for (const auto& line : lines_of(splitter, std::string(1, c))) lines.push_back(line);
    }
    EXPECT_EQ(lines, (Lines{"one", "two"}));
}

TEST(LineSplitter, DropsAndCountsALineThatIsTooLong) {
    LineSplitter splitter(8);
    EXPECT_EQ(lines_of(splitter, "123456789\nok\n"), Lines{"ok"});
    EXPECT_EQ(splitter.dropped(), 1u);
    EXPECT_EQ(lines_of(splitter, "1234567\r\n12345678\n"), (Lines{"1234567", "12345678"}));
    EXPECT_EQ(splitter.dropped(), 1u);
}

TEST(LineSplitter, DropsALongLineAcrossFramesOnceAndGoesOn) {
    LineSplitter splitter(8);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(lines_of(splitter, "12345"), Lines{});
    EXPECT_EQ(lines_of(splitter, "end\nnext\n"), Lines{"next"});
    EXPECT_EQ(splitter.dropped(), 1u);
}

}  // namespace
