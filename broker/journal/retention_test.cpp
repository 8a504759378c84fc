#include "journal/retention.hpp"

#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_samples.hpp"

namespace coven::broker {
namespace {

using std::chrono::hours;

using Records = std::vector<std::variant<StoredFrame, Truncated>>;

constexpr std::uint64_t hour_us = 3'600'000'000;

HistoryQuery everything(const std::string& pattern = ">") {
    HistoryQuery query;
    query.patterns = {Pattern::parse(pattern).value()};
    query.from = Position{};
    return query;
}

std::vector<std::uint64_t> covered(const Truncated& hole,
                                   const std::vector<std::uint64_t>& family) {
    std::vector<std::uint64_t> inside;
    std::copy_if(family.begin(), family.end(), std::back_inserter(inside),
                 [&](auto offset) { return offset >= hole.from && offset <= hole.to; });
    return inside;
}

/// Which offsets are told, as frames or, those of `family`, in holes: a hole stands before any
/// frame that is later than its beginning.
std::vector<std::uint64_t> told_in(const Records& records,
                                   const std::vector<std::uint64_t>& family) {
    std::vector<std::uint64_t> told;
    std::uint64_t latest = 0;
    for (const auto& record : records) {
        if (const auto* hole = std::get_if<Truncated>(&record)) {
            EXPECT_GT(hole->from, latest) << text_of(*hole);
            const auto inside = covered(*hole, family);
            told.insert(told.end(), inside.begin(), inside.end());
            continue;
        }
        latest = offset_in(std::get<StoredFrame>(record));
        told.push_back(latest);
    }
    std::sort(told.begin(), told.end());
    return told;
}

/// Checks what G6 promises: the holes name each offset of `family`, and the frames each of `family`
/// or of the others, that no other names.
void expect_exact(const Records& records, const std::vector<std::uint64_t>& family,
                  const std::vector<std::uint64_t>& others = {}) {
    auto expected = family;
    expected.insert(expected.end(), others.begin(), others.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(told_in(records, family), expected);
}

class RetentionTest : public testing::Test {
  protected:
    TempFolder folder_;
    Journal::Options options_ = sample_options(folder_.file("journal"));
    Numbering numbering_;
    SystemClock clock_;

    std::uint64_t now_us() const { return microseconds_since_epoch(clock_.now()); }
};

TEST(Retention, HasAnOwnLimitForSomeFamilies) {
    Retention retention;
    retention.all.bytes = 1;
    retention.families["heat"].bytes = 2;
    EXPECT_EQ(retention.of("heat").bytes, 2u);
    EXPECT_EQ(retention.of("chat").bytes, 1u);
}

TEST_F(RetentionTest, RemovesWhatIsTooOldAndSaysSo) {
    options_.retention.all.age = hours(2);
    options_.retention.families["heat"].age = hours(100);
    OpenJournal journal(options_);
    journal->start_epoch(first_sample_epoch, 1).value();
    for (std::uint64_t age = 10; age > 0; --age) {
        const auto us = now_us() - age * hour_us;
        journal.store(numbering_, {.topic = "a.chat.x", .ingest_us = us});
        journal.store(numbering_, {.topic = "a.heat.x", .ingest_us = us});
    }
    // The chat of 10 to 2 hours ago: offsets 1, 3, 5 … 17.
    const auto records = journal.read(everything("a.chat.>"));
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(text_of(std::get<Truncated>(records[0])), "chat 1-17 retention");
    EXPECT_EQ(offset_in(std::get<StoredFrame>(records[1])), 19u);
    EXPECT_EQ(journal.offsets("a.heat.>").size(), 10u);

    auto after = everything("a.chat.>");
    after.from = Position{first_sample_epoch, 4};
    const auto rest = journal.read(after);
    EXPECT_EQ(text_of(std::get<Truncated>(rest.at(0))), "chat 5-17 retention");
    after.from = Position{first_sample_epoch, 17};
    EXPECT_EQ(journal.read(after).size(), 1u) << "nothing is missing behind 17";
    after.from = HistoryQuery::First{};
    EXPECT_EQ(journal.read(after).size(), 1u) << "nothing is missing behind the first";
    after.from = HistoryQuery::Since{now_us() - 9 * hour_us};
    EXPECT_EQ(text_of(std::get<Truncated>(journal.read(after).at(0))), "chat 1-17 retention");
    after.from = HistoryQuery::Since{now_us() - 3 * hour_us / 2};
    EXPECT_EQ(journal.read(after).size(), 1u);
}

TEST_F(RetentionTest, SaysAHoleInPartsThatDoNotOverlap) {
    options_.retention.families["chat"].age = hours(1);
    OpenJournal journal(options_);
    journal->start_epoch(first_sample_epoch, 1).value();
    std::vector<std::uint64_t> chat;
    std::vector<std::uint64_t> heat;
    for (int i = 0; i < 10; ++i) {
        const auto old = now_us() - 2 * hour_us;
        chat.push_back(journal.store(numbering_, {.topic = "a.chat.x", .ingest_us = old}));
        heat.push_back(journal.store(numbering_, {.topic = "a.heat.x"}));
    }
    auto query = everything();
    query.max_events = 3;
    const auto records = journal.read(query);
    expect_exact(records, chat, heat);
    EXPECT_EQ(records.size(), 14u) << "a part for each batch";
}

TEST_F(RetentionTest, KeepsAFamilyWithinItsBytesAtFullRate) {
    constexpr std::uint64_t limit = std::uint64_t{2} << 20;
    options_.retention.all.bytes = limit;
    options_.map_bytes = std::size_t{64} << 20;
    std::vector<std::uint64_t> chat;
    {
        OpenJournal journal(options_);
        journal->start_epoch(first_sample_epoch, 1).value();
        // Twice the map.
        for (std::uint64_t i = 0; i < 128'000; ++i) {
            const auto topic = i % 2 == 0 ? "a.chat.x" : "a.heat.x";
            journal->append(numbering_.next({.topic = topic, .bytes = 1000, .ingest_us = 1}));
            if (i % 2 == 0) chat.push_back(numbering_.offset());
            if (i % 100 != 0) continue;
            while (!journal->has_room()) journal.next(News::Kind::committed);
            journal->flush();
        }
        journal.await(numbering_.offset());
    }
    OpenJournal journal(options_);
    EXPECT_LT(journal->numbers().file_bytes, std::uint64_t{64} << 20);
    const auto records = journal.read(everything("a.chat.>"));
    expect_exact(records, chat);
    EXPECT_GE(records.size(), 1000u);
    EXPECT_LE(records.size(), limit / 1000 + 100);
}

TEST_F(RetentionTest, CountsWhatIsThereAndWhatWasRemoved) {
    options_.retention.all.age = hours(1);
    OpenJournal journal(options_);
    journal->start_epoch(first_sample_epoch, 1).value();
    journal.store(numbering_, {.topic = "a.chat.x", .ingest_us = now_us() - 2 * hour_us});
    journal.store(numbering_, {.topic = "a.chat.x"});
    while (journal->numbers().families.empty()) journal.wait();
    while (journal->numbers().families[0].removed_events < 1) journal.wait();
    const auto chat = journal->numbers().families[0];
    EXPECT_EQ(chat.family, "chat");
    EXPECT_EQ(chat.events, 1u);
    EXPECT_GT(chat.bytes, 200u);
    EXPECT_EQ(chat.oldest_offset, 2u);
    EXPECT_EQ(chat.removed_events, 1u);
    EXPECT_EQ(journal->numbers().oldest_offset, 2u);
}

TEST_F(RetentionTest, RemovesWithoutNewEventsToo) {
    {
        OpenJournal journal(options_);
        journal->start_epoch(first_sample_epoch, 1).value();
        for (int i = 0; i < 5; ++i) journal.store(numbering_, {.ingest_us = now_us() - hour_us});
    }
    options_.retention.all.age = std::chrono::seconds(60);
    OpenJournal journal(options_);
    while (journal->numbers().families.empty() || journal->numbers().families[0].events > 0) {
        journal.wait();
    }
    const auto records = journal.read(everything());
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(text_of(std::get<Truncated>(records[0])), "chat 1-5 retention");
    EXPECT_EQ(journal.recovered().epochs.size(), 1u);
}

TEST_F(RetentionTest, LetsEpochsGoWithTheirEvents) {
    options_.retention.all.age = hours(1);
    {
        OpenJournal journal(options_);
        journal->start_epoch(first_sample_epoch, 1).value();
        journal.store(numbering_, {.ingest_us = now_us() - 2 * hour_us});
        journal->start_epoch(20, 2).value();
        Numbering second(20, 1);
        journal.store(second, {});
    }
    OpenJournal journal(options_);
    ASSERT_EQ(journal.recovered().epochs.size(), 1u);
    EXPECT_EQ(journal.recovered().epochs[0].bus_epoch, 20u);
    EXPECT_EQ(journal.recovered().last_offset, 2u);
}

}  // namespace
}  // namespace coven::broker
