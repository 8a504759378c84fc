#include "journal/history.hpp"

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_samples.hpp"

namespace coven::broker {
namespace {

using Offsets = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

/// Offsets 1 to 9, each in a block of its own: chat heat stream, chat heat stream, … in two
/// channels; numbered at 1000, 2000 … 9000 µs.
class HistoryTest : public testing::Test {
  protected:
    HistoryTest() {
        journal_->start_epoch(first_sample_epoch, 1).value();
        for (std::uint64_t i = 1; i <= 9; ++i) store(i);
    }

    void store(std::uint64_t number) {
        constexpr std::array<const char*, 3> families = {"stream", "chat", "heat"};
        const auto channel = number % 2 == 0 ? ".even" : ".odd";
        const auto topic = std::string("twitch.") + families.at(number % 3) + channel + ".x";
        journal_.store(numbering_, {.topic = topic, .ingest_us = number * 1000});
    }
    HistoryQuery query(const std::string& pattern) const {
        HistoryQuery query;
        query.patterns = {Pattern::parse(pattern).value()};
        return query;
    }
    HistoryBatch batch(const HistoryQuery& query) {
        return journal_->history()->read(query).value();
    }

    TempFolder folder_;
    OpenJournal journal_{sample_options(folder_.file("journal"))};
    Numbering numbering_;
};

TEST_F(HistoryTest, GivesWhatMatchesInOrder) {
    EXPECT_EQ(journal_.offsets(">"), (Offsets{1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(journal_.offsets("twitch.chat.>"), (Offsets{1, 4, 7}));
    EXPECT_EQ(journal_.offsets("twitch.*.even.>"), (Offsets{2, 4, 6, 8}));
    EXPECT_EQ(journal_.offsets("twitch.heat.odd.x"), (Offsets{5}));
    EXPECT_EQ(journal_.offsets("twitch.token.>"), (Offsets{}));
}

TEST_F(HistoryTest, JoinsPatternsWithoutRepeats) {
    auto several = query("twitch.chat.>");
    several.patterns.push_back(Pattern("twitch.*.odd.x"));
    EXPECT_EQ(texts_of(journal_.read(several)), (Texts{"1", "3", "4", "5", "7", "9"}));
}

TEST_F(HistoryTest, BeginsAfterAPositionAndEndsWhereItIsTold) {
    EXPECT_EQ(journal_.offsets(">", 4), (Offsets{5, 6, 7, 8, 9}));
    EXPECT_EQ(journal_.offsets("twitch.chat.>", 4), (Offsets{7}));
    EXPECT_EQ(journal_.offsets(">", 9), (Offsets{}));
    auto until = query(">");
    until.until = 3;
    const auto read = batch(until);
    EXPECT_EQ(texts_of(read.records), (Texts{"1", "2", "3"}));
    EXPECT_EQ(read.next.offset, 3u);
    EXPECT_EQ(read.committed.offset, 9u);
    EXPECT_EQ(read.committed.bus_epoch, first_sample_epoch);
}

TEST_F(HistoryTest, ComesInBatches) {
    auto few = query(">");
    few.max_events = 2;
    auto read = batch(few);
    EXPECT_EQ(texts_of(read.records), (Texts{"1", "2"}));
    EXPECT_EQ(read.next.offset, 2u);
    few.max_events = 100;
    few.max_bytes = 500;
    few.from = read.next;
    read = batch(few);
    EXPECT_EQ(texts_of(read.records), (Texts{"3", "4"})) << "of 200 bytes each";
    few.max_bytes = 1;
    few.from = read.next;
    read = batch(few);
    EXPECT_EQ(texts_of(read.records), (Texts{"5"})) << "one comes, however long";
    EXPECT_EQ(texts_of(journal_.read(few)), (Texts{"5", "6", "7", "8", "9"}));
}

TEST_F(HistoryTest, ReachesTheEndWhenNothingMatches) {
    const auto read = batch(query("twitch.token.>"));
    EXPECT_EQ(read.next.offset, 9u);
    EXPECT_EQ(read.next.bus_epoch, first_sample_epoch);
}

TEST_F(HistoryTest, BeginsAtATime) {
    struct Row {
        const char* pattern;
        std::uint64_t since_us;
        Texts expected;
    };
    for (const auto& row : {
             Row{">", 0, {"1", "2", "3", "4", "5", "6", "7", "8", "9"}},
             Row{">", 7000, {"7", "8", "9"}},
             Row{">", 7001, {"8", "9"}},
             Row{"twitch.chat.>", 4000, {"4", "7"}},
             Row{"twitch.chat.>", 4001, {"7"}},
             Row{">", 9001, {}},
         }) {
        auto since = query(row.pattern);
        since.from = HistoryQuery::Since{row.since_us};
        EXPECT_EQ(texts_of(journal_.read(since)), row.expected) << row.pattern << row.since_us;
    }
}

TEST_F(HistoryTest, FindsATimeWithinABlock) {
    for (std::uint64_t i = 10; i <= 50; ++i) {
        journal_->append(numbering_.next({.ingest_us = i * 1000}));
    }
    journal_.await(50);
    auto since = query("twitch.chat.>");
    since.from = HistoryQuery::Since{48'000};
    EXPECT_EQ(texts_of(journal_.read(since)), (Texts{"48", "49", "50"}));
}

TEST_F(HistoryTest, TakesAPositionPastTheEndOfItsEpochForThatEnd) {
    journal_->start_epoch(20, 10).value();
    Numbering second(20, 9);
    journal_.store(second, {});
    journal_.store(second, {});
    struct Row {
        Position from;
        Texts expected;
    };
    const Texts all_of_second = {"10", "11"};
    for (const auto& row : {
             Row{{first_sample_epoch, 9}, all_of_second},
             Row{{first_sample_epoch, 11}, all_of_second},
             Row{{15, 500}, all_of_second},
             Row{{20, 9}, all_of_second},
             Row{{20, 10}, {"11"}},
             Row{{20, 500}, {}},
             Row{{30, 1}, {}},
             Row{{first_sample_epoch, 8}, {"9", "10", "11"}},
         }) {
        auto from = query(">");
        from.from = row.from;
        EXPECT_EQ(texts_of(journal_.read(from)), row.expected)
            << row.from.bus_epoch << ' ' << row.from.offset;
    }
    EXPECT_EQ(batch(query(">")).next.bus_epoch, 20u);
}

TEST_F(HistoryTest, ShowsNothingThatIsNotCommitted) {
    const auto before = batch(query(">"));
    store(10);
    auto again = query(">");
    again.from = before.next;
    EXPECT_EQ(texts_of(batch(again).records), (Texts{"10"}));
}

TEST_F(HistoryTest, OfMoreThanOneReadSearchesOn) {
    // Over the 32 MiB that one read looks through.
    for (int i = 0; i < 70; ++i) {
        journal_->append(numbering_.next({.bytes = std::size_t{512} << 10}));
        while (journal_->take_news()) continue;
    }
    journal_->append(numbering_.next({.topic = "twitch.chat.rare.x"}));
    const auto last = numbering_.offset();
    journal_.await(last);
    const auto first = batch(query("twitch.chat.rare.>"));
    EXPECT_TRUE(first.records.empty());
    EXPECT_GT(first.next.offset, 9u);
    EXPECT_LT(first.next.offset, last);
    EXPECT_EQ(journal_.offsets("twitch.chat.rare.>"), Offsets{last});
}

TEST(HistoryOfManyFamilies, ReadsThoseWithoutANameOfTheirOwn) {
    const TempFolder folder;
    OpenJournal journal(sample_options(folder.file("journal")));
    Numbering numbering;
    journal->start_epoch(first_sample_epoch, 1).value();
    for (int i = 0; i < 1100; ++i) {
        journal->append(numbering.next({.topic = "a.f" + std::to_string(i) + ".x"}));
    }
    journal->append(numbering.next({.topic = "alone"}));
    journal.await(1101);
    EXPECT_EQ(journal.offsets("a.f3.>"), Offsets{4});
    EXPECT_EQ(journal.offsets("a.f1050.>"), Offsets{1051});
    EXPECT_EQ(journal.offsets("alone"), Offsets{1101});
    EXPECT_EQ(journal.offsets(">").size(), 1101u);
}

}  // namespace
}  // namespace coven::broker
