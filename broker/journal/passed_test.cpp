// Events of families that are not stored: their numbers are, and readers are told.

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_samples.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {
namespace {

using Texts = std::vector<std::string>;

class PassedTest : public testing::Test {
  protected:
    PassedTest() { open(first_sample_epoch); }

    void open(std::uint64_t bus_epoch) {
        journal_.reset();
        journal_ = std::make_unique<OpenJournal>(options_);
        (*journal_)->start_epoch(bus_epoch, numbering_.offset() + 1).value();
    }
    /// Each commits alone.
    void pass(const std::string& topic, std::uint64_t flags = 0) {
        (*journal_)->pass(numbering_.next({.topic = topic,
                                           .flags = flags,
                                           .producer_id = 7,
                                           .producer_seq = numbering_.offset() + 1}));
        journal_->await(numbering_.offset());
    }
    void store(const std::string& topic, std::uint64_t flags = 0) {
        journal_->store(numbering_, {.topic = topic, .flags = flags});
    }
    Texts told(const std::string& pattern, std::uint64_t after = 0) {
        HistoryQuery query;
        query.patterns = {Pattern::parse(pattern).value()};
        query.from = Position{first_sample_epoch, after};
        Texts texts;
        for (const auto& record : journal_->read(query)) {
            const auto* hole = std::get_if<Truncated>(&record);
            texts.push_back(hole != nullptr ? text_of(*hole) : "an event");
        }
        return texts;
    }

    TempFolder folder_;
    Journal::Options options_ = sample_options(folder_.file("journal"));
    Numbering numbering_;
    std::unique_ptr<OpenJournal> journal_;
};

TEST_F(PassedTest, AreOneHoleHoweverManyTheyAre) {
    store("twitch.chat.xqc.message");
    for (int i = 0; i < 5; ++i) {
        pass("twitch.heat.xqc.click");
        store("twitch.chat.xqc.message");
    }
    EXPECT_EQ(told("twitch.heat.>"), (Texts{"heat 2-10 not_stored"}));
    EXPECT_EQ(told("twitch.heat.>", 4), (Texts{"heat 5-10 not_stored"}));
    EXPECT_EQ(told("twitch.chat.>"), Texts(6, "an event")) << "others are told nothing";
    const auto recovered = (*journal_)->recovered(1).value();
    for (const auto& head : recovered.heads) {
        EXPECT_EQ(head.topic_seq, head.topic == "twitch.heat.xqc.click" ? 5u : 6u);
    }
}

TEST_F(PassedTest, LeaveTheirNumbersBehind) {
    store("twitch.chat.xqc.message");
    for (int i = 0; i < 3; ++i) pass("twitch.heat.xqc.click");
    open(first_sample_epoch + 1);
    const auto& recovered = journal_->recovered();
    EXPECT_EQ(recovered.last_offset, 4u);
    EXPECT_EQ(recovered.damaged, Texts());
    ASSERT_EQ(recovered.marks.size(), 1u);
    EXPECT_EQ(recovered.marks.front().producer_seq, 4u);
    // What the new epoch adds is a hole of its own.
    pass("twitch.heat.xqc.click");
    EXPECT_EQ(told("twitch.heat.>"), (Texts{"heat 2-4 not_stored", "heat 5-5 not_stored"}));
}

TEST_F(PassedTest, EndAStateThatWasStoredBefore) {
    store("twitch.title.xqc.now", state_flag);
    ASSERT_EQ((*journal_)->recovered(1)->states.size(), 1u);
    pass("twitch.title.xqc.now", state_flag);
    EXPECT_EQ((*journal_)->recovered(1)->states.size(), 0u);
    EXPECT_EQ(told("twitch.>"), (Texts{"an event", "title 2-2 not_stored"}));
}

TEST_F(PassedTest, GoLikeOthersWhenTheyAreOld) {
    options_.retention.all.age = std::chrono::seconds(1);
    open(first_sample_epoch + 1);
    (*journal_)->pass(numbering_.next({.topic = "twitch.heat.xqc.click", .ingest_us = 1}));
    journal_->await(1);
    while ((*journal_)->numbers().families.empty() ||
           (*journal_)->numbers().families.front().oldest_offset != 0) {
        journal_->wait();
    }
    pass("twitch.heat.xqc.click");
    EXPECT_EQ(told("twitch.heat.>"), (Texts{"heat 1-1 retention", "heat 2-2 not_stored"}));
}

}  // namespace
}  // namespace coven::broker
