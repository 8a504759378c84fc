#include "epochs.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

v1::Position at(std::uint64_t bus_epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(bus_epoch);
    position.set_offset(offset);
    return position;
}

std::vector<std::uint64_t> numbers(const Epochs& epochs) {
    std::vector<std::uint64_t> found;
    for (const auto& epoch : epochs.all()) found.push_back(epoch.bus_epoch);
    return found;
}

TEST(Epochs, APositionPastTheEndOfItsEpochMeansThatEnd) {
    Epochs epochs({30, 201});
    epochs.set_stored({{10, 1}, {20, 101}});
    EXPECT_EQ(epochs.offset_of(at(10, 50)), 50u);
    EXPECT_EQ(epochs.offset_of(at(10, 105)), 100u) << "seen live, never stored";
    EXPECT_EQ(epochs.offset_of(at(20, 150)), 150u);
    EXPECT_EQ(epochs.offset_of(at(20, 999)), 200u);
    EXPECT_EQ(epochs.offset_of(at(30, 250)), 250u);
}

TEST(Epochs, AnEpochThatStoredNothingEndsWhereTheOneBeforeItDoes) {
    Epochs epochs({30, 101});
    epochs.set_stored({{10, 1}});
    EXPECT_EQ(epochs.offset_of(at(20, 177)), 100u);
    EXPECT_EQ(epochs.offset_of(at(5, 3)), 0u) << "before all that is known";
    EXPECT_FALSE(epochs.offset_of(at(31, 1))) << "yet to come";
}

TEST(Epochs, TheEndedOneIsKeptOnlyWhenItStoredSomething) {
    Epochs epochs({10, 1});
    epochs.begin({20, 101}, Epochs::Ended::kept);
    EXPECT_EQ(numbers(epochs), (std::vector<std::uint64_t>{10, 20}));
    epochs.begin({30, 101}, Epochs::Ended::forgotten);
    EXPECT_EQ(numbers(epochs), (std::vector<std::uint64_t>{10, 30}));
    EXPECT_EQ(epochs.running().first_offset, 101u);
}

TEST(Epochs, StoredOnesNeverStandBehindTheRunningOne) {
    Epochs epochs({20, 101});
    epochs.set_stored({{10, 1}, {20, 101}, {21, 150}});
    EXPECT_EQ(numbers(epochs), (std::vector<std::uint64_t>{10, 20}));
}

TEST(Epochs, AreForgottenWithTheirLastEvent) {
    Epochs epochs({30, 201});
    epochs.set_stored({{10, 1}, {20, 101}});
    epochs.forget_before(100);
    EXPECT_EQ(numbers(epochs), (std::vector<std::uint64_t>{10, 20, 30}));
    epochs.forget_before(101);
    EXPECT_EQ(numbers(epochs), (std::vector<std::uint64_t>{20, 30}));
    epochs.forget_before(5000);
    EXPECT_EQ(numbers(epochs), (std::vector<std::uint64_t>{30}));
}

}  // namespace
}  // namespace coven::broker
