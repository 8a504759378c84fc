#include "state_merge.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

Event state(const std::string& topic, std::uint64_t epoch, std::uint64_t offset,
            std::uint64_t flags = v1::EVENT_FLAG_STATE) {
    v1::Event message;
    message.set_bus_epoch(epoch);
    message.set_offset(offset);
    message.set_flags(flags);
    return Event::parse(frame_of(topic, message)).value();
}

v1::Position at(std::uint64_t epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(epoch);
    position.set_offset(offset);
    return position;
}

TEST(StateMerge, DropsLiveStatesThatTheSnapshotHolds) {
    StateMerge merge;
    merge.begin(at(1, 10));
    EXPECT_TRUE(merge.shown(state("a.a", 1, 4)));
    // A later page is younger than the first one.
    EXPECT_TRUE(merge.shown(state("a.z", 1, 14)));
    EXPECT_FALSE(merge.heard(state("a.c", 1, 10))) << "it was over when the page was made";
    EXPECT_FALSE(merge.heard(state("a.z", 1, 12)));
    EXPECT_FALSE(merge.heard(state("a.z", 1, 14)));
    EXPECT_TRUE(merge.heard(state("a.a", 1, 11)));
    EXPECT_TRUE(merge.heard(state("a.z", 1, 15)));
}

TEST(StateMerge, ShowsOnlyWhatChangedInALaterSnapshot) {
    StateMerge merge;
    merge.begin(at(1, 10));
    merge.shown(state("a.a", 1, 4));
    merge.shown(state("a.b", 1, 5));
    merge.begin(at(2, 30));
    EXPECT_FALSE(merge.shown(state("a.a", 1, 4)));
    EXPECT_TRUE(merge.shown(state("a.b", 2, 5))) << "numbers of a later epoch are later";
    EXPECT_TRUE(merge.heard(state("a.a", 2, 20, v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER)))
        << "an end is in no snapshot";
}

TEST(StateMerge, LetsEverythingElsePass) {
    StateMerge merge;
    merge.begin(at(1, 10));
    EXPECT_TRUE(merge.heard(state("a.a", 1, 3, 0)));
    EXPECT_TRUE(merge.heard(Event::of_loss({})));
}

}  // namespace
}  // namespace coven
