// Purges: whose events go, what a reader is told, and what is left in the file.

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "coven/v1/event.pb.h"
#include "journal/journal_samples.hpp"
#include "journal/tail_view.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::broker {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* chat = "twitch.chat.xqc.message";
/// Nowhere but in what the purged user wrote.
constexpr const char* canary = "CANARY-3f1c";

std::string chat_line(const std::string& login, const std::string& text) {
    twitch::v1::ChatMessage line;
    line.set_user_id(login == "mallory" ? "666" : "11" + std::to_string(login.size()));
    line.set_user_login(login);
    line.set_text(text);
    v1::Event event;
    event.mutable_proto_data()->PackFrom(line);
    return event.SerializeAsString();
}

std::string json_event(const std::string& json) {
    v1::Event event;
    event.set_text_data(json);
    return event.SerializeAsString();
}

v1::JournalPurgeRequest login(const std::string& name) {
    v1::JournalPurgeRequest whom;
    whom.set_user_login(name);
    return whom;
}

std::string bytes_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t times_in(const std::string& bytes, const std::string& text) {
    std::size_t times = 0;
    for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) {
        ++times;
    }
    return times;
}

class PurgeTest : public testing::Test {
  protected:
    PurgeTest() { journal_->start_epoch(first_sample_epoch, 1).value(); }

    /// In a block of its own.
    void store(const std::string& topic, const std::string& fields, std::uint64_t flags = 0) {
        journal_.store(numbering_, {.topic = topic, .flags = flags, .fields = fields});
    }
    /// In a block with others.
    void append(const std::string& topic, const std::string& fields) {
        journal_->append(numbering_.next({.topic = topic, .fields = fields}));
    }
    v1::Purge purge(const v1::JournalPurgeRequest& whom) {
        const auto number = journal_->purge(whom, 1).number;
        for (;;) {
            for (const auto& purge : journal_->purges()) {
                const bool done = purge.state() == v1::Purge::STATE_DONE;
                if (purge.number() == number && done) return purge;
            }
            journal_.wait();
        }
    }
    Texts told(const std::string& pattern) {
        HistoryQuery query;
        query.patterns = {Pattern::parse(pattern).value()};
        return texts_of(journal_.read(query));
    }
    std::string file() const { return folder_.file("journal") + "/data.mdb"; }

    TempFolder folder_;
    OpenJournal journal_{sample_options(folder_.file("journal"))};
    Numbering numbering_;
};

TEST_F(PurgeTest, TakesWhatTheUserDidAndNothingElse) {
    store(chat, chat_line("mallory", "one"));
    store(chat, chat_line("alice", "hello @mallory"));
    store("twitch.follow.xqc.new",
          json_event(R"({"event":{"user_id":"666","user_login":"mallory"}})"));
    store("twitch.ban.xqc.new",
          json_event(R"({"target_user_login":"mallory","user_login":"bob"})"));
    store("twitch.chat.mallory.message", chat_line("bob", "in her channel"));
    store(chat, chat_line("mallory2", "somebody else"));
    const auto done = purge(login("Mallory"));
    EXPECT_EQ(done.events(), 2u);
    EXPECT_EQ(done.from(), 1u);
    EXPECT_EQ(done.to(), 3u);
    EXPECT_EQ(done.unreadable(), 0u);
    EXPECT_EQ(told(">"), (Texts{"chat 1-1 purged", "2", "follow 3-3 purged", "4", "5", "6"}));
    EXPECT_EQ(purge(login("mallory")).events(), 0u) << "there are none left";
}

TEST_F(PurgeTest, KnowsAUserByIdToo) {
    append(chat, chat_line("mallory", "one"));
    append(chat, chat_line("alice", "666"));
    v1::JournalPurgeRequest whom;
    whom.set_user_id("666");
    EXPECT_EQ(purge(whom).events(), 1u);
    EXPECT_EQ(told(">"), (Texts{"chat 1-1 purged", "2"}));
}

TEST_F(PurgeTest, TellsEachRangeExactlyToThoseWhoReadItsTopics) {
    for (int i = 0; i < 3; ++i) append(chat, chat_line("mallory", "in a row"));
    append("twitch.chat.forsen.message", chat_line("alice", "."));
    append("twitch.chat.forsen.message", chat_line("mallory", "elsewhere"));
    append(chat, chat_line("mallory", "again"));
    EXPECT_EQ(purge(login("mallory")).events(), 5u);
    EXPECT_EQ(told(">"), (Texts{"chat 1-3 purged", "4", "chat 5-6 purged"}));
    EXPECT_EQ(told("twitch.chat.xqc.>"), (Texts{"chat 1-3 purged", "chat 6-6 purged"}));
    EXPECT_EQ(told("twitch.chat.forsen.>"), (Texts{"4", "chat 5-5 purged"}));
    HistoryQuery query;
    query.patterns = {Pattern(">")};
    query.max_events = 1;
    EXPECT_EQ(texts_of(journal_.read(query)), told(">")) << "in small batches, too";
}

TEST_F(PurgeTest, CountsWhatItCannotRead) {
    v1::Event opaque;
    opaque.set_binary_data("mallory");
    store(chat, opaque.SerializeAsString());
    store(chat, json_event("no JSON of mallory"));
    v1::Event unknown;
    unknown.mutable_proto_data()->set_type_url("type.googleapis.com/not.v1.Known");
    unknown.mutable_proto_data()->set_value("\x0a\x07mallory");
    store(chat, unknown.SerializeAsString());
    const auto done = purge(login("mallory"));
    EXPECT_EQ(done.events(), 0u);
    EXPECT_EQ(done.unreadable(), 3u);
}

TEST_F(PurgeTest, ForgetsStatesToo) {
    store("twitch.title.xqc.now", json_event(R"({"moderator_user_login":"mallory"})"), state_flag);
    store("twitch.title.forsen.now", json_event(R"({"moderator_user_login":"eve"})"), state_flag);
    EXPECT_EQ(purge(login("mallory")).states(), 1u);
    const auto forgotten = journal_->take_purged_states();
    ASSERT_EQ(forgotten.size(), 1u);
    EXPECT_EQ(forgotten.front().topic, "twitch.title.xqc.now");
    EXPECT_EQ(forgotten.front().offset, 1u);
    const auto recovered = journal_->recovered(1).value();
    EXPECT_EQ(recovered.damaged, Texts());
    ASSERT_EQ(recovered.states.size(), 1u);
    EXPECT_EQ(recovered.states.front().topic, "twitch.title.forsen.now");
    EXPECT_EQ(recovered.heads.size(), 2u) << "numbers go on where they were";
}

TEST_F(PurgeTest, LeavesNothingInTheFile) {
    for (int i = 0; i < 2000; ++i) {
        const auto who = i % 7 == 0 ? "mallory" : "alice";
        const auto text = i % 7 == 0 ? canary : "nothing";
        append(chat, chat_line(who, text));
        // Some blocks of one event, which stand beside others in a page, and some long ones.
        if (i % 20 == 0) journal_.await(numbering_.offset());
    }
    journal_.await(numbering_.offset());
    for (int i = 0; i < 300; ++i)
        store(chat, chat_line(i % 3 == 0 ? "mallory" : "alice", i % 3 == 0 ? canary : "."));
    store("twitch.title.xqc.now",
          json_event(std::string(R"({"user_login":"mallory","x":")") + canary + "\"}"), state_flag);
    ASSERT_GT(times_in(bytes_of_file(file()), canary), 300u);
    const auto done = purge(login("mallory"));
    EXPECT_EQ(done.events(), 286u + 100u + 1u);
    EXPECT_EQ(times_in(bytes_of_file(file()), canary), 0u);
    EXPECT_EQ(times_in(bytes_of_file(file()), "mallory"), 0u) << "nor who it was about";
}

}  // namespace
}  // namespace coven::broker
