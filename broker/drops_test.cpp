#include "drops.hpp"

#include <set>

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

TEST(Drops, HaveAWordEach) {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < drop_kinds; ++i) words.insert(word(static_cast<Drop>(i)));
    EXPECT_EQ(words.size(), drop_kinds);
    EXPECT_EQ(words.count(""), 0u);
    EXPECT_EQ(word(Drop::reply_unsent), "reply_unsent");
}

TEST(Drops, SayWhatGrew) {
    Drops drops;
    drops.count(Drop::no_nul);
    const Drops earlier = drops;
    EXPECT_EQ(drops.since(earlier), "");
    drops.count(Drop::no_nul);
    drops.count(Drop::duplicate);
    drops.count(Drop::duplicate);
    EXPECT_EQ(drops.since(earlier), "no_nul=1,duplicate=2");
    EXPECT_EQ(drops.of(Drop::no_nul), 2u);
    EXPECT_EQ(drops.total(), 4u);
}

}  // namespace
}  // namespace coven::broker
