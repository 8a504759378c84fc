// What transactions leave in the file of a store, and that wiping overwrites it.

#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "coven/store.hpp"
#include "coven/temp_folder.hpp"

namespace coven {
namespace {

constexpr StoreTable words{0};
constexpr StoreTable others{1};
constexpr std::uint64_t all_pages = 1'000'000;
const std::string canary = "canary-never-to-be-found-again";

class StoreWipe : public testing::Test {
  protected:
    void put(StoreTable table, const std::string& key, const std::string& value) {
        auto writer = StoreWriter::begin(*store_).value();
        writer.put(table, key, value).value();
        writer.commit().value();
    }
    /// Many in one transaction.
    void put_all(int count, const std::string& value) {
        auto writer = StoreWriter::begin(*store_).value();
        for (int i = 0; i < count; ++i) writer.put(words, std::to_string(i), value).value();
        writer.commit().value();
    }
    void erase_all(int count) {
        auto writer = StoreWriter::begin(*store_).value();
        for (int i = 0; i < count; ++i) writer.erase(words, std::to_string(i)).value();
        writer.commit().value();
    }
    /// To its end, with a change before each step. Fails when it comes to none.
    void wipe(Store::Wiping wiping, const std::string& changed) {
        for (int step = 0; step < 10 && !wiping.done; ++step) {
            put(others, changed, std::to_string(step));
            store_->wipe(wiping, all_pages).value();
        }
        EXPECT_TRUE(wiping.done);
    }
    bool file_has(const std::string& text) const {
        std::ifstream file(folder_.file("store/data.mdb"), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        return bytes.find(text) != std::string::npos;
    }
    Store::Options options() const {
        Store::Options options;
        options.folder = folder_.file("store");
        options.tables = {"words", "others"};
        return options;
    }

    TempFolder folder_;
    std::unique_ptr<Store> store_ = Store::open(options()).value();
};

TEST_F(StoreWipe, LeavesNothingOfWhatWasErased) {
    put_all(1000, canary);
    erase_all(1000);
    ASSERT_TRUE(file_has(canary)) << "there is nothing to wipe";
    wipe(store_->begin_wiping().value(), "a");
    EXPECT_FALSE(file_has(canary));
}

TEST_F(StoreWipe, LeavesNothingOfLongValuesThatWereErased) {
    put_all(10, std::string(10'000, '.') + canary);
    put(words, "stays", std::string(10'000, 's'));
    erase_all(10);
    ASSERT_TRUE(file_has(canary)) << "there is nothing to wipe";
    wipe(store_->begin_wiping().value(), "a");
    EXPECT_FALSE(file_has(canary));
    const auto reader = StoreReader::begin(*store_).value();
    EXPECT_EQ(**reader.find(words, "stays"), std::string(10'000, 's'));
}

/// A page keeps what was erased from it in its unused part. Changed after the begin, it is written
/// elsewhere, and the old one is free, but too late for the first round.
TEST_F(StoreWipe, LeavesNothingInPagesThatChangeMeanwhile) {
    put_all(20, canary);
    put(words, "stays", "here");
    erase_all(20);
    ASSERT_TRUE(file_has(canary)) << "there is nothing to wipe";
    auto wiping = store_->begin_wiping().value();
    put(words, "stays", "here, too");
    wipe(wiping, "a");
    EXPECT_FALSE(file_has(canary));
    const auto reader = StoreReader::begin(*store_).value();
    EXPECT_EQ(**reader.find(words, "stays"), "here, too");
}

TEST_F(StoreWipe, WaitsForWhoeverMaySeeOldPages) {
    put_all(1000, canary);
    auto wiping = Store::Wiping();
    {
        const auto reader = StoreReader::begin(*store_).value();
        erase_all(1000);
        wiping = store_->begin_wiping().value();
        for (int step = 0; step < 10; ++step) {
            put(others, "a", std::to_string(step));
            store_->wipe(wiping, all_pages).value();
        }
        EXPECT_FALSE(wiping.done);
        EXPECT_EQ(**reader.find(words, "7"), canary);
    }
    wipe(wiping, "a");
    EXPECT_FALSE(file_has(canary));
}

TEST_F(StoreWipe, GoesOnInSmallSteps) {
    put_all(1000, canary);
    erase_all(1000);
    auto wiping = store_->begin_wiping().value();
    int steps = 0;
    for (; !wiping.done && steps < 10'000; ++steps) {
        put(others, "a", std::to_string(steps));
        store_->wipe(wiping, 3).value();
    }
    EXPECT_TRUE(wiping.done);
    EXPECT_GT(steps, 10);
    EXPECT_FALSE(file_has(canary));
}

}  // namespace
}  // namespace coven
