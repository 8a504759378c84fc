#include "acknowledgements.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant start{std::chrono::hours(1)};

v1::Position at(std::uint64_t epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(epoch);
    position.set_offset(offset);
    return position;
}

std::uint64_t due(const Acknowledgements& acks, Duration later) {
    const auto position = acks.due(start + later);
    return position ? position->offset() : 0;
}

TEST(Acknowledgements, AreSentOnceAndNotTooOften) {
    Acknowledgements acks(at(1, 5), start);
    acks.committed(at(1, 100));
    acks.acknowledge(at(1, 7));
    EXPECT_EQ(due(acks, milliseconds(249)), 0u);
    EXPECT_EQ(due(acks, milliseconds(250)), 7u);
    EXPECT_FALSE(acks.all_stored());
    acks.sent(start + milliseconds(250));
    EXPECT_EQ(due(acks, milliseconds(499)), 0u);
    EXPECT_EQ(due(acks, milliseconds(500)), 7u) << "no answer came";
    acks.stored(at(1, 7));
    EXPECT_EQ(due(acks, milliseconds(500)), 0u);
    EXPECT_TRUE(acks.all_stored());
}

TEST(Acknowledgements, GoNoFurtherThanWhatIsCommitted) {
    Acknowledgements acks(at(1, 5), start);
    acks.acknowledge(at(1, 20));
    EXPECT_EQ(due(acks, seconds(1)), 0u) << "nothing is known to be committed";
    acks.committed(at(1, 12));
    EXPECT_EQ(due(acks, seconds(1)), 12u);
    acks.committed(at(1, 30));
    EXPECT_EQ(due(acks, seconds(1)), 20u);
}

TEST(Acknowledgements, NeverGoBackwards) {
    Acknowledgements acks(at(2, 5), start);
    acks.committed(at(2, 100));
    acks.acknowledge(at(1, 99));
    EXPECT_TRUE(acks.all_stored());
    acks.acknowledge(at(2, 9));
    acks.acknowledge(at(2, 8));
    EXPECT_EQ(due(acks, seconds(1)), 9u);
}

TEST(Acknowledgements, AreRepeatedToHearOfTheOneWhoTookOver) {
    const Acknowledgements acks(at(1, 5), start);
    EXPECT_EQ(due(acks, milliseconds(4999)), 0u);
    EXPECT_EQ(due(acks, seconds(5)), 5u);
}

TEST(Acknowledgements, InAHurryAreSentAsFarAsTheyGo) {
    Acknowledgements acks(at(1, 5), start);
    acks.acknowledge(at(1, 20));
    acks.hurry();
    EXPECT_EQ(due(acks, seconds(1)), 20u);
}

}  // namespace
}  // namespace coven
