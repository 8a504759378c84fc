#include "log_lines.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Lines = std::vector<std::string>;

/// What `log` makes of `text` when it comes in pieces of `size` bytes.
Lines lines_of(LogLines& log, std::string_view text, std::size_t size) {
    Lines lines;
    for (std::size_t at = 0; at < text.size(); at += size) {
        for (auto& line : log.add(text.substr(at, size))) lines.push_back(std::move(line));
    }
    return lines;
}

TEST(LogLines, PutsLinesTogetherFromAnyPieces) {
    const std::string text = "one\n\ntwo\nthree";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        LogLines log;
        EXPECT_EQ(lines_of(log, text, size), (Lines{"one", "two"})) << size;
        EXPECT_EQ(log.end(), Lines{"three"}) << size;
        EXPECT_EQ(log.end(), Lines{}) << size;
    }
}

TEST(LogLines, HandsOutALineWithoutEndInPieces) {
    LogLines log;
    const auto lines = log.add(std::string(LogLines::longest * 2 + 10, 'x') + "\n");
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].size(), LogLines::longest);
    EXPECT_EQ(lines[2].size(), 10u);
}

}  // namespace
}  // namespace coven::cli
