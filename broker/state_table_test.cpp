#include "state_table.hpp"

#include <gtest/gtest.h>

#include "coven/v1/event.pb.h"

namespace coven::broker {
namespace {

constexpr std::uint64_t state = v1::EVENT_FLAG_STATE;
constexpr std::uint64_t over = v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER;
constexpr std::size_t large = std::size_t{1} << 20;

std::vector<std::string> frames(const v1::StateSnapshot& page) {
    return {page.frames().begin(), page.frames().end()};
}

std::vector<std::string> all(const StateTable& table, const std::vector<Pattern>& patterns) {
    return frames(table.page(patterns, "", 0, large));
}

TEST(StateTable, KeepsTheLastEventOfEachTopicWithAState) {
    StateTable table(large);
    EXPECT_TRUE(table.take("a.b", state, "one"));
    EXPECT_TRUE(table.take("a.b", state, "two"));
    EXPECT_TRUE(table.take("a.c", 0, "no state"));
    EXPECT_TRUE(table.take("a.d", state, "three"));
    EXPECT_EQ(all(table, {Pattern(">")}), (std::vector<std::string>{"two", "three"}));
    table.take("a.b", over, "over");
    EXPECT_EQ(all(table, {Pattern(">")}), (std::vector<std::string>{"three"}));
    EXPECT_EQ(table.size(), 1u);
}

TEST(StateTable, GivesWhatMatchesAnyOfThePatternsOnceAndByTopic) {
    StateTable table(large);
    for (const char* topic : {"b.x.s", "a.y.s", "a.x.s", "a.x.t", "c.s"}) {
        table.take(topic, state, topic);
    }
    EXPECT_EQ(all(table, {Pattern("a.*.s")}), (std::vector<std::string>{"a.x.s", "a.y.s"}));
    EXPECT_EQ(all(table, {Pattern("b.>"), Pattern("*.x.s"), Pattern("a.x.s")}),
              (std::vector<std::string>{"a.x.s", "b.x.s"}));
    EXPECT_EQ(all(table, {Pattern("c.s")}), (std::vector<std::string>{"c.s"}));
    EXPECT_TRUE(all(table, {Pattern("c")}).empty());
    EXPECT_TRUE(all(table, {}).empty());
}

TEST(StateTable, PagesByCountAndBytes) {
    StateTable table(large);
    for (int i = 10; i < 30; ++i) {
        table.take("a." + std::to_string(i), state, std::string(500, 'x') + std::to_string(i));
    }
    for (const auto& [limit, bytes] : {std::pair<std::size_t, std::size_t>{7, large}, {0, 4000}}) {
        std::size_t seen = 0;
        std::size_t pages = 0;
        std::string after;
        do {
            const auto page = table.page({Pattern("a.>")}, after, limit, bytes);
            EXPECT_LE(page.ByteSizeLong(), bytes);
            seen += frames(page).size();
            ++pages;
            after = page.next();
        } while (!after.empty());
        EXPECT_EQ(seen, 20u);
        EXPECT_GE(pages, 3u);
    }
}

TEST(StateTable, APageOfManyTopicsThatDoNotMatchEndsToo) {
    StateTable table(std::size_t{64} << 20);
    for (int i = 0; i < 25'000; ++i) table.take("a." + std::to_string(i) + ".t", state, "t");
    table.take("a.zzz.s", state, "s");
    std::vector<std::string> found;
    int pages = 0;
    std::string after;
    do {
        const auto page = table.page({Pattern("a.*.s")}, after, 0, large);
        for (const auto& frame : page.frames()) found.push_back(frame);
        after = page.next();
        ++pages;
    } while (!after.empty());
    EXPECT_EQ(found, std::vector<std::string>{"s"});
    EXPECT_EQ(pages, 3);
}

TEST(StateTable, KeepsNoMoreThanItsBoundAndNeverAnOldStateForTheNewOne) {
    StateTable table(100);
    EXPECT_TRUE(table.take("a.b", state, std::string(50, 'x')));
    EXPECT_FALSE(table.take("a.b", state, std::string(100, 'x')));
    EXPECT_EQ(table.size(), 0u);
    EXPECT_TRUE(table.take("a.c", state, std::string(90, 'x')));
}

TEST(StateTable, IsRestoredInPlaceOfAll) {
    StateTable table(large);
    table.take("a.b", state, "x");
    table.restore({{"c.d", "y"}});
    EXPECT_EQ(all(table, {Pattern(">")}), std::vector<std::string>{"y"});
}

}  // namespace
}  // namespace coven::broker
