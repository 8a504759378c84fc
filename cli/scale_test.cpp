#include "scale.hpp"

#include <set>

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Words = std::vector<std::string>;

std::string fault_of(std::string_view text) {
    const auto scale = parse_scale(text);
    return scale.has_error() ? scale.error().message : "none";
}

Words channels(std::size_t count) {
    Words all;
    for (std::size_t i = 0; i < count; ++i) all.push_back("channel_" + std::to_string(i));
    return all;
}

TEST(Scale, IsReadFromWordsOfTheCommandLine) {
    EXPECT_EQ(*parse_scale("chat=2, mine=0"), (Scale{{"chat", 2}, {"mine", 0}}));
    EXPECT_TRUE(parse_scale("")->empty());
}

TEST(Scale, SaysWhatIsWrong) {
    for (const char* text : {"chat", "chat=", "=2", "chat=two", "chat=-1", "chat=1x"}) {
        EXPECT_EQ(fault_of(text),
                  std::string("--scale is no KIND=NUMBER such as chat=2: '") + text + "'");
    }
    EXPECT_EQ(fault_of("chat=101"), "--scale is at most 100: 'chat=101'");
    EXPECT_EQ(fault_of("chat=1,chat=2"), "--scale names 'chat' twice");
}

TEST(Shares, TogetherAreAllChannelsAndHaveNoneTwice) {
    const auto all = channels(300);
    const auto shares = share_out(all, {"chat-1", "chat-2", "chat-3"});
    std::multiset<std::string> seen;
    for (const auto& share : shares) {
        EXPECT_GT(share.size(), 60u);
        seen.insert(share.begin(), share.end());
    }
    EXPECT_EQ(seen, std::multiset<std::string>(all.begin(), all.end()));
}

TEST(Shares, AreTheSameEachTimeAndInTheOrderGiven) {
    EXPECT_EQ(share_out({"b", "a"}, {"chat-1"}), (std::vector<Words>{{"b", "a"}}));
    EXPECT_EQ(share_out(channels(50), {"chat-1", "chat-2"}),
              share_out(channels(50), {"chat-1", "chat-2"}));
}

TEST(Shares, OneInstanceMoreTakesChannelsButMovesNoneBetweenTheOthers) {
    const auto two = share_out(channels(300), {"chat-1", "chat-2"});
    const auto three = share_out(channels(300), {"chat-1", "chat-2", "chat-3"});
    for (const std::size_t instance : {std::size_t{0}, std::size_t{1}}) {
        const std::set<std::string> before(two[instance].begin(), two[instance].end());
        for (const auto& channel : three[instance]) EXPECT_TRUE(before.contains(channel));
    }
    EXPECT_GT(three[2].size(), 60u);
}

TEST(Shares, ChannelsThatOnlyLookDifferentGoToTheSameInstance) {
    const auto shares = share_out({"XQC", "#xqc", "xqc"}, {"chat-1", "chat-2", "chat-3"});
    std::multiset<std::size_t> sizes;
    for (const auto& share : shares) sizes.insert(share.size());
    EXPECT_EQ(sizes, (std::multiset<std::size_t>{0, 0, 3}));
}

TEST(Shares, OfNobodyAreNone) { EXPECT_TRUE(share_out({"a"}, {}).empty()); }

}  // namespace
}  // namespace coven::cli
