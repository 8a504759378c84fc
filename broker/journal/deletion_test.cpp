// Messages that an event deletes.

#include "journal/deletion.hpp"

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "coven/v1/event.pb.h"
#include "journal/journal_samples.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::broker {
namespace {

using Texts = std::vector<std::string>;

std::string json_event(const std::string& json) {
    v1::Event event;
    event.set_text_data(json);
    return event.SerializeAsString();
}

std::string chat_line(const std::string& id, const std::string& login) {
    twitch::v1::ChatMessage line;
    line.set_id(id);
    line.set_user_id("id-" + login);
    line.set_user_login(login);
    v1::Event event;
    event.set_id(id);
    event.mutable_proto_data()->PackFrom(line);
    return event.SerializeAsString();
}

TEST(Deletion, IsReadFromWhatTheEventNames) {
    struct Row {
        const char* word;
        const char* json;
        const char* expected;
    };
    const std::vector<Row> rows = {
        {"deleted", R"({"message_id":"m1"})", "message m1"},
        {"deleted", R"({"event":{"message_id":"m1","target_user_id":"5"}})", "message m1"},
        {"deleted", R"({"target_message_id":"m1"})", "message m1"},
        {"deleted", R"({"target_user_id":"5"})", "nothing"},
        {"clear", R"({"target_user_id":"5","target_user_login":"eve"})", "user 5"},
        {"cleared", R"({"user_login":"eve","moderator_user_login":"bob"})", "login eve"},
        {"clear", R"({"broadcaster_user_id":"1"})", "all"},
        {"clear", R"({"unheard_of_user_id":"1"})", "nothing"},
        {"clear", "no JSON", "nothing"},
    };
    PayloadTexts texts;
    for (const auto& row : rows) {
        const auto frame = std::string("twitch.chat.xqc.") + row.word + '\0' + json_event(row.json);
        const auto deletion = deletion_in(frame, texts);
        std::string text = "nothing";
        if (deletion) {
            EXPECT_EQ(deletion->topic(), "twitch.chat.xqc.message");
            text = "all";
            if (deletion->has_message_id()) text = "message " + deletion->message_id();
            if (deletion->has_user_id()) text = "user " + deletion->user_id();
            if (deletion->has_user_login()) text = "login " + deletion->user_login();
        }
        EXPECT_EQ(text, row.expected) << row.word << ' ' << row.json;
    }
}

class DeletionTest : public testing::Test {
  protected:
    DeletionTest() { open(honouring()); }

    static Journal::Options honouring() {
        Journal::Options options;
        options.honour_deletes = true;
        return options;
    }
    void open(Journal::Options options) {
        options.folder = folder_.file("journal");
        options.map_bytes = sample_options("").map_bytes;
        journal_.reset();
        journal_ = std::make_unique<OpenJournal>(options);
        (*journal_)->start_epoch(++bus_epoch_, 1).value();
        numbering_.emplace(bus_epoch_);
    }

    void say(const std::string& id, const std::string& login, const std::string& channel = "xqc",
             std::uint64_t ingest_us = 0) {
        journal_->store(*numbering_, {.topic = "twitch.chat." + channel + ".message",
                                      .ingest_us = ingest_us,
                                      .fields = chat_line(id, login)});
    }
    void happen(const std::string& word, const std::string& json) {
        journal_->store(*numbering_,
                        {.topic = "twitch.chat.xqc." + word, .fields = json_event(json)});
    }
    /// Waits until so many messages were deleted, or not found.
    DeletionNumbers wait_for(std::uint64_t messages, std::uint64_t not_found) {
        for (;;) {
            const auto numbers = (*journal_)->numbers().deletions;
            if (numbers.messages >= messages && numbers.not_found >= not_found) return numbers;
            journal_->wait();
        }
    }
    Texts told() {
        HistoryQuery query;
        query.patterns = {Pattern(">")};
        return texts_of(journal_->read(query));
    }

    TempFolder folder_;
    std::unique_ptr<OpenJournal> journal_;
    std::optional<Numbering> numbering_;
    std::uint64_t bus_epoch_ = first_sample_epoch - 1;
};

TEST_F(DeletionTest, OfAMessageTakesThatOne) {
    say("m1", "eve");
    say("m2", "eve");
    say("m1", "eve", "forsen");
    happen("deleted", R"({"message_id":"m1"})");
    wait_for(1, 0);
    EXPECT_EQ(told(), (Texts{"chat 1-1 purged", "2", "3", "4"}));
    EXPECT_TRUE((*journal_)->purges().empty()) << "these are nobody's purges";
}

TEST_F(DeletionTest, OfAUserTakesHisInThisChannel) {
    say("m1", "eve");
    say("m2", "bob");
    say("m3", "eve", "forsen");
    happen("clear", R"({"target_user_login":"eve"})");
    wait_for(1, 0);
    EXPECT_EQ(told(), (Texts{"chat 1-1 purged", "2", "3", "4"}));
}

TEST_F(DeletionTest, OfARoomTakesAllMessagesAndNothingElse) {
    say("m1", "eve");
    say("m2", "bob");
    say("m3", "eve", "forsen");
    happen("clear", R"({"broadcaster_user_login":"xqc"})");
    wait_for(2, 0);
    EXPECT_EQ(told(), (Texts{"chat 1-2 purged", "3", "4"}));
}

TEST_F(DeletionTest, LooksBackAnHourAndCountsWhatItDoesNotFind) {
    say("old", "eve", "xqc", 1);
    happen("deleted", R"({"message_id":"old"})");
    happen("deleted", R"({"message_id":"never"})");
    happen("deleted", "no JSON");
    const auto numbers = wait_for(0, 2);
    EXPECT_EQ(numbers.messages, 0u);
    EXPECT_EQ(numbers.unreadable, 1u);
    EXPECT_EQ(told(), (Texts{"1", "2", "3", "4"}));
}

TEST_F(DeletionTest, LeaveAllAsItIsUnlessTheyAreHonoured) {
    open({});
    say("m1", "eve");
    happen("deleted", R"({"message_id":"m1"})");
    happen("deleted", R"({"message_id":"m1"})");
    EXPECT_EQ(told(), (Texts{"1", "2", "3"}));
    EXPECT_EQ((*journal_)->numbers().deletions.messages, 0u);
}

}  // namespace
}  // namespace coven::broker
