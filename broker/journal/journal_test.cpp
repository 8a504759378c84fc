#include "journal/journal.hpp"

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_samples.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {
namespace {

using Kind = News::Kind;

std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all;
    for (auto number = from; number <= to; ++number) all.push_back(number);
    return all;
}

class JournalTest : public testing::Test {
  protected:
    TempFolder folder_;
    Journal::Options options_ = sample_options(folder_.file("journal"));
    Numbering numbering_;
};

TEST_F(JournalTest, IsEmptyAtFirst) {
    OpenJournal journal(options_);
    EXPECT_EQ(journal.recovered().last_offset, 0u);
    EXPECT_TRUE(journal.recovered().epochs.empty());
    EXPECT_TRUE(journal->start_epoch(10, 1).has_value());
    EXPECT_FALSE(journal->take_news());
    EXPECT_TRUE(journal.offsets(">").empty());
}

TEST_F(JournalTest, CommitsALoneEventAtOnce) {
    OpenJournal journal(options_);
    journal->start_epoch(10, 1).value();
    journal->append(numbering_.next({}));
    const auto news = journal.next(Kind::committed);
    EXPECT_EQ(news.offset, 1u);
    EXPECT_EQ(news.events, 1u);
    EXPECT_EQ(journal->numbers().bytes_in_flight, 0u);
    EXPECT_EQ(journal->numbers().commits, 1u);
}

TEST_F(JournalTest, KeepsEveryByteOfManyEventsOfManySizes) {
    std::vector<std::string> frames;
    {
        OpenJournal journal(options_);
        journal->start_epoch(10, 1).value();
        for (std::size_t i = 1; i <= 2000; ++i) {
            const auto topic = "twitch." + std::string(i % 3 == 0 ? "chat" : "heat") + ".x.y";
            frames.push_back(numbering_.next({.topic = topic, .bytes = i * 37 % 9'000}));
            const std::string_view frame = frames.back();
            const auto body = frame.size() - tail_bytes;
            journal->append(frame.substr(0, body), frame.substr(body));
        }
    }
    OpenJournal journal(options_);
    EXPECT_EQ(journal.recovered().last_offset, 2000u);
    HistoryQuery query;
    query.patterns = {Pattern(">")};
    const auto records = journal.read(query);
    ASSERT_EQ(records.size(), frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        ASSERT_EQ(std::get<StoredFrame>(records[i]), frames[i]) << i;
    }
}

TEST_F(JournalTest, KeepsTheLongestEventInABlockOfItsOwn) {
    OpenJournal journal(options_);
    journal->start_epoch(10, 1).value();
    journal.store(numbering_, {.bytes = std::size_t{512} << 10});
    journal.store(numbering_, {});
    EXPECT_EQ(journal.offsets(">"), numbers(1, 2));
}

TEST_F(JournalTest, RemembersHeadsMarksStatesAndEpochs) {
    {
        OpenJournal journal(options_);
        journal->start_epoch(10, 1).value();
        for (std::uint64_t seq = 1; seq <= 3; ++seq) {
            journal.store(
                numbering_,
                {.topic = "a.b.c", .producer_id = 77, .producer_seq = seq, .ingest_us = 0});
        }
        journal.store(numbering_, {.topic = "bus.chat.x.state", .flags = state_flag});
        journal.store(numbering_, {.topic = "bus.chat.x.state", .flags = state_flag});
        journal.store(numbering_, {.topic = "bus.chat.y.state", .flags = state_flag});
        journal.store(numbering_, {.topic = "bus.chat.y.state", .flags = state_over_flag});
    }
    {
        OpenJournal journal(options_);
        journal->start_epoch(11, 8).value();
    }
    Numbering second(12, 7);
    {
        OpenJournal journal(options_);
        journal->start_epoch(12, 8).value();
        journal.store(second, {.topic = "a.b.c"});
    }
    OpenJournal journal(options_);
    const auto& known = journal.recovered();
    EXPECT_EQ(known.last_offset, 8u);
    EXPECT_EQ(known.last_epoch, 12u);
    ASSERT_EQ(known.epochs.size(), 2u) << "epoch 11 has no events";
    EXPECT_EQ(known.epochs[0].bus_epoch, 10u);
    EXPECT_EQ(known.epochs[1].first_offset, 8u);
    ASSERT_EQ(known.heads.size(), 3u);
    EXPECT_EQ(known.heads[0].topic, "a.b.c");
    EXPECT_EQ(known.heads[0].bus_epoch, 12u);
    EXPECT_EQ(known.heads[0].offset, 8u);
    EXPECT_EQ(known.heads[1].topic_seq, 2u);
    ASSERT_EQ(known.marks.size(), 1u);
    EXPECT_EQ(known.marks[0].producer_id, 77u);
    EXPECT_EQ(known.marks[0].producer_seq, 3u);
    ASSERT_EQ(known.states.size(), 1u);
    EXPECT_EQ(known.states[0].topic, "bus.chat.x.state");
    EXPECT_EQ(offset_in(known.states[0].frame), 5u);
    EXPECT_TRUE(known.damaged.empty());
}

TEST_F(JournalTest, ForgetsMarksAfterADay) {
    constexpr std::uint64_t long_ago = 1'000'000;
    {
        OpenJournal journal(options_);
        journal->start_epoch(10, 1).value();
        journal.store(numbering_, {.producer_id = 1, .producer_seq = 1, .ingest_us = long_ago});
        journal.store(numbering_, {.producer_id = 2, .producer_seq = 1});
    }
    OpenJournal journal(options_);
    ASSERT_EQ(journal.recovered().marks.size(), 1u);
    EXPECT_EQ(journal.recovered().marks[0].producer_id, 2u);
}

TEST_F(JournalTest, KeepsSideRecordsWithTheEventsBeforeThem) {
    std::map<std::string, std::string> seen;
    const auto see = [&seen](std::string_view key, std::string_view value) {
        seen[std::string(key)] = value;
    };
    {
        OpenJournal journal(options_);
        journal->start_epoch(10, 1).value();
        journal->append(numbering_.next({}));
        EXPECT_EQ(journal->put(SideTable::cursors, "a", "1"), 1u);
        EXPECT_EQ(journal->put(SideTable::cursors, "b", ""), 2u);
        EXPECT_EQ(journal->put(SideTable::commands, "a", std::string(300'000, 'x')), 3u);
        EXPECT_EQ(journal->erase(SideTable::cursors, "a"), 4u);
        EXPECT_EQ(journal->put(SideTable::cursors, "c", "3"), 5u);
        auto news = journal.next(Kind::committed);
        while (news.ticket < 5) news = journal.next(Kind::committed);
        EXPECT_EQ(news.offset, 1u);
        journal->append(numbering_.next({}));
        EXPECT_EQ(journal.next(Kind::committed).ticket, 5u) << "the highest, not the latest";
        EXPECT_TRUE(journal->for_each(SideTable::cursors, see).has_value());
        EXPECT_EQ(seen, (std::map<std::string, std::string>{{"b", ""}, {"c", "3"}}));
    }
    OpenJournal journal(options_);
    seen.clear();
    EXPECT_TRUE(journal->for_each(SideTable::commands, see).has_value());
    EXPECT_EQ(seen["a"].size(), 300'000u);
    EXPECT_TRUE(journal->for_each(SideTable::marks, see).has_value());
    EXPECT_EQ(seen.size(), 1u);
}

TEST_F(JournalTest, IsForOneBrokerAtATime) {
    OpenJournal journal(options_);
    zmq::context_t context;
    const SystemClock clock;
    Recovered recovered;
    const auto second = Journal::open(context, clock, options_, recovered);
    ASSERT_TRUE(second.has_error());
    EXPECT_NE(second.error().message.find("is in use already"), std::string::npos);
}

TEST_F(JournalTest, BeginsEpochsOnlyWhereTheLastEnded) {
    OpenJournal journal(options_);
    EXPECT_EQ(journal->start_epoch(10, 2).error().message,
              "epoch 10 cannot begin at offset 2 after epoch 0, offset 0");
    EXPECT_TRUE(journal->start_epoch(10, 1).has_value());
    journal.store(numbering_, {});
    EXPECT_TRUE(journal->start_epoch(10, 2).has_error());
    EXPECT_TRUE(journal->start_epoch(11, 2).has_value());
}

TEST_F(JournalTest, SaysWhenItsBoundIsReached) {
    options_.max_bytes_in_flight = 100'000;
    OpenJournal journal(options_);
    journal->start_epoch(10, 1).value();
    std::size_t taken = 0;
    for (; journal->has_room(); ++taken) journal->append(numbering_.next({.bytes = 1000}));
    EXPECT_GE(taken, 90u);
    EXPECT_LE(taken, 101u);
    journal.await(taken);
    EXPECT_TRUE(journal->has_room());
}

TEST_F(JournalTest, WrittenInIntervalsIsCommittedToo) {
    options_.durability = Durability::interval;
    options_.sync_interval = std::chrono::milliseconds(1);
    {
        OpenJournal journal(options_);
        journal->start_epoch(10, 1).value();
        for (int i = 0; i < 50; ++i) journal.store(numbering_, {});
    }
    OpenJournal journal(options_);
    EXPECT_EQ(journal.recovered().last_offset, 50u);
}

}  // namespace
}  // namespace coven::broker
