#include "connector_table.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

class ConnectorTableTest : public testing::Test {
  protected:
    static v1::ConnectorReady ready(const std::string& instance,
                                    v1::Presence::State state = v1::Presence::STATE_READY) {
        v1::ConnectorReady ready;
        ready.mutable_presence()->set_kind("chat");
        ready.mutable_presence()->set_instance(instance);
        ready.mutable_presence()->set_state(state);
        ready.mutable_presence()->set_version("0.1.0");
        ready.add_verbs("chat.send");
        ready.add_targets("xqc");
        return ready;
    }
    std::string refusal(const v1::ConnectorReady& of) {
        const auto heard = table_.hear(of, now_);
        return heard.has_error() ? heard.error().message : "";
    }

    Moment now_{Instant(1000s), 5'000'000};
    ConnectorTable table_;
};

TEST_F(ConnectorTableTest, ListsWhoIsThere) {
    EXPECT_EQ(refusal(ready("chat-2")), "");
    EXPECT_EQ(refusal(ready("chat-1")), "");
    const auto list = table_.list(1 << 20);
    ASSERT_EQ(list.connectors_size(), 2);
    EXPECT_EQ(list.connectors(0).presence().instance(), "chat-1");
    EXPECT_EQ(list.connectors(0).verbs(0), "chat.send");
    EXPECT_EQ(list.connectors(0).targets(0), "xqc");
    EXPECT_EQ(list.connectors(0).last_beat_us(), now_.unix_us);
}

TEST_F(ConnectorTableTest, ThreeMissedBeatsAreTheEnd) {
    table_.hear(ready("chat-1"), now_).value();
    now_.instant += 2999ms;
    EXPECT_TRUE(table_.take_gone(now_).empty());
    table_.hear(ready("chat-1"), now_).value();
    now_.instant += 3s;
    const auto gone = table_.take_gone(now_);
    ASSERT_EQ(gone.size(), 1u);
    EXPECT_EQ(gone[0].state(), v1::Presence::STATE_GONE);
    EXPECT_EQ(gone[0].reason(), "three heartbeats were missed");
    EXPECT_EQ(gone[0].since_us(), now_.unix_us);
    EXPECT_EQ(gone[0].version(), "0.1.0");
    EXPECT_EQ(presence_topic(gone[0]), "bus.chat.chat-1.state");
    EXPECT_TRUE(table_.take_gone(now_).empty());
    EXPECT_EQ(table_.size(), 0u);
}

TEST_F(ConnectorTableTest, TellsANewProcessWhenTheOneBeforeWasLastHeard) {
    const auto earlier_us = [this] { return table_.instances_of("chat").at(0).earlier_beat_us(); };
    table_.hear_new(ready("chat-1"), now_).value();
    EXPECT_EQ(earlier_us(), 0u);
    // Killed and back before anybody noticed.
    const auto killed_us = now_.unix_us;
    now_.unix_us += 1'000'000;
    table_.hear_new(ready("chat-1"), now_).value();
    EXPECT_EQ(earlier_us(), killed_us);
    now_.unix_us += 1'000'000;
    table_.hear(ready("chat-1"), now_).value();
    EXPECT_EQ(earlier_us(), killed_us);
    // It said goodbye.
    table_.hear(ready("chat-1", v1::Presence::STATE_GONE), now_).value();
    EXPECT_EQ(earlier_us(), 0u);
    const auto ended_us = now_.unix_us;
    now_.unix_us += 1'000'000;
    table_.hear_new(ready("chat-1"), now_).value();
    EXPECT_EQ(earlier_us(), ended_us);
    // Another name is another matter.
    table_.hear_new(ready("chat-0"), now_).value();
    EXPECT_EQ(earlier_us(), 0u);
}

TEST_F(ConnectorTableTest, ForgetsEarlierProcessesWithThoseThatAreGone) {
    table_.hear_new(ready("chat-1"), now_).value();
    now_.instant += 3s;
    EXPECT_EQ(table_.take_gone(now_).size(), 1u);
    now_.instant += 10min;
    table_.take_gone(now_);
    table_.hear_new(ready("chat-1"), now_).value();
    EXPECT_EQ(table_.instances_of("chat").at(0).earlier_beat_us(), 0u);
}

TEST_F(ConnectorTableTest, WhoIsGoneAnswersNothing) {
    table_.hear(ready("chat-1"), now_).value();
    table_.hear(ready("chat-2"), now_).value();
    EXPECT_EQ(table_.routes().answering("chat.send", "xqc")->instance, "chat-2");
    table_.hear(ready("chat-2", v1::Presence::STATE_GONE), now_).value();
    EXPECT_EQ(table_.routes().answering("chat.send", "xqc")->instance, "chat-1");
    now_.instant += 3s;
    table_.take_gone(now_);
    EXPECT_FALSE(table_.routes().answering("chat.send", "xqc"));
}

TEST_F(ConnectorTableTest, AGoodbyeCountsAtOnceAndOnce) {
    table_.hear(ready("chat-1"), now_).value();
    auto goodbye = ready("chat-1", v1::Presence::STATE_GONE);
    goodbye.mutable_presence()->set_reason("stopped");
    table_.hear(goodbye, now_).value();
    EXPECT_TRUE(table_.has_news());
    const auto gone = table_.take_gone(now_);
    ASSERT_EQ(gone.size(), 1u);
    EXPECT_EQ(gone[0].reason(), "stopped");
    table_.hear(goodbye, now_).value();
    EXPECT_FALSE(table_.has_news());
}

TEST_F(ConnectorTableTest, ShowsWhoIsGoneForTenMinutesUnlessItComesBack) {
    table_.hear(ready("chat-1"), now_).value();
    table_.hear(ready("chat-2"), now_).value();
    now_.instant += 3s;
    EXPECT_EQ(table_.take_gone(now_).size(), 2u);
    auto list = table_.list(1 << 20);
    ASSERT_EQ(list.connectors_size(), 2);
    EXPECT_EQ(list.connectors(0).presence().state(), v1::Presence::STATE_GONE);
    EXPECT_EQ(list.connectors(0).presence().reason(), "three heartbeats were missed");
    EXPECT_EQ(list.connectors(0).last_beat_us(), now_.unix_us);
    EXPECT_FALSE(table_.knows("chat", "chat-1"));
    table_.hear(ready("chat-1"), now_).value();
    EXPECT_TRUE(table_.knows("chat", "chat-1"));
    now_.instant += 599s;
    table_.hear(ready("chat-1"), now_).value();
    table_.take_gone(now_);
    EXPECT_EQ(table_.list(1 << 20).connectors_size(), 2);
    now_.instant += 1s;
    table_.take_gone(now_);
    list = table_.list(1 << 20);
    ASSERT_EQ(list.connectors_size(), 1);
    EXPECT_EQ(list.connectors(0).presence().state(), v1::Presence::STATE_READY);
}

TEST_F(ConnectorTableTest, ForgetsWhoIsGoneLongestToMakeRoom) {
    table_.hear(ready("old-1"), now_).value();
    now_.instant += 3s;
    table_.take_gone(now_);
    table_.hear(ready("old-2"), now_).value();
    now_.instant += 3s;
    table_.take_gone(now_);
    for (std::size_t i = 0; i + 1 < ConnectorTable::max_connectors; ++i) {
        table_.hear(ready("new-" + std::to_string(i)), now_).value();
    }
    const auto list = table_.list(1 << 20);
    EXPECT_EQ(list.connectors_size(), 1000);
    EXPECT_EQ(list.connectors(999).presence().instance(), "old-2");
}

TEST_F(ConnectorTableTest, SaysWhyAPresenceIsRefused) {
    auto wrong = ready("Chat 1");
    EXPECT_EQ(refusal(wrong), "presence.instance has a character outside of a-z, 0-9, '_' and '-'");
    wrong = ready("chat-1");
    wrong.mutable_presence()->set_kind("");
    EXPECT_EQ(refusal(wrong), "presence.kind has an empty word");
    wrong.mutable_presence()->set_kind("broker");
    EXPECT_EQ(refusal(wrong), "presence.kind is 'broker', which is the broker's own");
    wrong = ready("chat-1");
    wrong.mutable_presence()->set_reason(std::string(501, 'x'));
    EXPECT_EQ(refusal(wrong), "presence.reason has more than 500 bytes");
    wrong = ready("chat-1");
    wrong.mutable_presence()->set_version(std::string(65, 'x'));
    EXPECT_EQ(refusal(wrong), "presence.version has more than 64 bytes");
    wrong = ready("chat-1");
    wrong.mutable_presence()->set_metrics_url(std::string(201, 'x'));
    EXPECT_EQ(refusal(wrong), "presence.metrics_url has more than 200 bytes");
    wrong = ready("chat-1");
    wrong.add_targets(std::string(70'000, 'x'));
    EXPECT_EQ(refusal(wrong), "payload has more than 64 KiB");
    EXPECT_EQ(table_.size(), 0u);
}

TEST_F(ConnectorTableTest, IsBoundedAndItsListFitsIntoAReply) {
    for (std::size_t i = 0; i < ConnectorTable::max_connectors; ++i) {
        auto large = ready("chat-" + std::to_string(i));
        large.mutable_presence()->set_reason(std::string(500, 'x'));
        large.mutable_presence()->set_metrics_url(std::string(200, 'x'));
        for (int target = 0; target < 100; ++target) large.add_targets(std::string(60, 'x'));
        table_.hear(large, now_).value();
    }
    EXPECT_EQ(refusal(ready("one-more")), "there are 1000 connectors already");
    EXPECT_EQ(refusal(ready("chat-7")), "");
    const auto list = table_.list(1 << 20);
    EXPECT_EQ(list.connectors_size(), 1000);
    EXPECT_LE(list.ByteSizeLong(), std::size_t{1} << 20);
}

TEST_F(ConnectorTableTest, KnowsWhereAConnectorIs) {
    const ConnectorName name{"chat", "chat-1"};
    EXPECT_EQ(table_.connect(name, "a"), "") << "it was not heard";
    EXPECT_FALSE(table_.is_connected("a"));
    table_.hear(ready("chat-1"), now_).value();
    EXPECT_EQ(table_.connect(name, "a"), "");
    table_.hear(ready("chat-1"), now_).value();
    EXPECT_EQ(table_.connection_of(name), "a") << "a beat changes nothing";
    EXPECT_EQ(table_.connect(name, "b"), "a");
    EXPECT_EQ(table_.connection_of(name), "b");
    EXPECT_TRUE(table_.is_connected("b"));
    EXPECT_FALSE(table_.is_connected("a"));
    EXPECT_EQ(table_.connection_of({"chat", "chat-2"}), "");
}

TEST_F(ConnectorTableTest, RefusesVerbsAndTargetsThatNobodyCouldSpell) {
    auto wrong = ready("chat-1");
    wrong.add_verbs("\x1b[2J");
    EXPECT_EQ(refusal(wrong), "a verb has a character outside of a-z, 0-9, '_' and '-'");
    wrong = ready("chat-1");
    wrong.add_targets("");
    EXPECT_EQ(refusal(wrong), "a target has an empty word");
    wrong = ready("chat-1");
    wrong.add_targets("*");
    EXPECT_EQ(refusal(wrong), "");
}

}  // namespace
}  // namespace coven::broker
