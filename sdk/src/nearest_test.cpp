#include "coven/nearest.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(EditDistance, CountsChangedLetters) {
    EXPECT_EQ(edit_distance("chanels", "channels"), 1u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(edit_distance("same", "same"), 0u);
}

TEST(DidYouMean, NamesWhatIsNearest) {
    const std::vector<std::string> known = {"channels", "join_limit", "chat"};
    EXPECT_EQ(did_you_mean("chanels", known), ", did you mean 'channels'?");
    EXPECT_EQ(did_you_mean("chta", known), ", did you mean 'chat'?");
    EXPECT_EQ(did_you_mean("join", known), ", did you mean 'join_limit'?");
}

TEST(DidYouMean, NamesNothingThatIsFar) {
    const std::vector<std::string> known = {"channels", "id"};
    for (const char* word : {"", "x", "ab", "rate", "entirely_else"}) {
        EXPECT_EQ(did_you_mean(word, known), "") << word;
    }
}

}  // namespace
}  // namespace coven
