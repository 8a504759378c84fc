#include "send/past.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<coven::Time>;
using Lines = std::vector<SendPast::Line>;

class PastTest : public testing::Test {
  protected:
    Inheritance inherited() { return inherit(past_, now_, 10s); }

    coven::Time now_{1000000s};
    SendPast past_;
};

TEST_F(PastTest, KnowsThatNothingWasSentFromAnEmptyDiaryWhereNobodyElseIs) {
    past_.diary = Times();
    EXPECT_FALSE(inherited().unknown);
    EXPECT_TRUE(inherited().counted.empty());
    past_.history = Lines();
    EXPECT_TRUE(inherited().counted.empty());
}

TEST_F(PastTest, AssumesTheWorstWhereNobodyKnows) {
    EXPECT_TRUE(inherited().unknown);
    past_.diary = Times();
    past_.company = SendPast::Company::others;
    EXPECT_TRUE(inherited().unknown);
}

TEST_F(PastTest, CountsALineOnceThatIsInBoth) {
    past_.diary = Times{now_ - 20s, now_ - 5s};
    past_.history = Lines{{now_ - 20s, now_ - 19s}};
    // The second one may have arrived until now.
    EXPECT_EQ(inherited().counted, (Times{now_ - 19s, now_}));
}

TEST_F(PastTest, LeavesRoomForWhatAnotherMayNotHaveTold) {
    past_.history = Lines{{now_ - 20s, now_ - 19s}};
    EXPECT_EQ(inherited().counted, (Times{now_ - 19s, now_, now_, now_, now_}));
    past_.diary = Times();
    EXPECT_EQ(inherited().counted, (Times{now_ - 19s}));
    past_.company = SendPast::Company::others;
    EXPECT_EQ(inherited().counted.size(), 5u);
}

}  // namespace
}  // namespace chat
