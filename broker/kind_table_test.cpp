#include "kind_table.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;
using State = v1::Presence::State;

class KindTableTest : public testing::Test {
  protected:
    KindTableTest() { table_.begin(77, now_); }

    static v1::ConnectorReady ready(const std::string& kind, const std::string& instance,
                                    State state = v1::Presence::STATE_READY) {
        v1::ConnectorReady ready;
        ready.mutable_presence()->set_kind(kind);
        ready.mutable_presence()->set_instance(instance);
        ready.mutable_presence()->set_state(state);
        return ready;
    }
    void beat(const std::string& instance, State state = v1::Presence::STATE_READY) {
        connectors_.hear(ready("chat", instance, state), now_).value();
    }
    void pass(Duration time) {
        now_.instant += time;
        now_.unix_us += static_cast<std::uint64_t>(time / 1us);
        connectors_.take_gone(now_);
    }
    /// Past the time in which some may be unheard.
    void settle() { pass(KindTable::settling_time); }
    v1::ConnectorKind kind() { return table_.news("chat", 0, now_).value(); }
    std::uint64_t version() { return kind().version(); }
    /// "chat-1 there, chat-2 gone"
    std::string instances() {
        std::string text;
        const auto all = kind();
        for (const auto& instance : all.instances()) {
            text += (text.empty() ? "" : ", ") + instance.instance() +
                    (instance.there() ? " there" : " gone");
        }
        return text;
    }
    /// Whether `change` makes a new version.
    template <class Change>
    bool is_news(const Change& change) {
        const auto before = version();
        change();
        const auto news = table_.news("chat", before, now_);
        return news.has_value();
    }

    Moment now_{Instant(1000s), 1'000'000'000};
    ConnectorTable connectors_;
    WantedChannels wanted_;
    KindTable table_{connectors_, wanted_};
};

TEST_F(KindTableTest, TellsWhoHasAnotherVersion) {
    beat("chat-2");
    beat("chat-1");
    connectors_.hear(ready("dice", "dice-1"), now_).value();
    EXPECT_EQ(instances(), "chat-1 there, chat-2 there");
    EXPECT_FALSE(table_.news("chat", version(), now_));
    EXPECT_TRUE(table_.news("chat", version() + 1, now_));
    EXPECT_TRUE(table_.news("chat", 0, now_));
}

TEST_F(KindTableTest, ABeatIsNoNewsAndWhoComesGoesOrComesBackIs) {
    settle();
    EXPECT_TRUE(is_news([this] { beat("chat-1"); }));
    EXPECT_FALSE(is_news([this] { beat("chat-1"); }));
    EXPECT_FALSE(is_news([this] { beat("chat-1", v1::Presence::STATE_DEGRADED); }));
    EXPECT_TRUE(is_news([this] { beat("chat-2"); }));
    EXPECT_TRUE(is_news([this] { beat("chat-2", v1::Presence::STATE_GONE); }));
    EXPECT_EQ(instances(), "chat-1 there, chat-2 gone");
    EXPECT_TRUE(is_news([this] { beat("chat-2"); }));
    EXPECT_EQ(instances(), "chat-1 there, chat-2 there");
    EXPECT_TRUE(is_news([this] { pass(3s); }));
    EXPECT_EQ(instances(), "chat-1 gone, chat-2 gone");
}

TEST_F(KindTableTest, WhatHappensToOneKindIsNoNewsToAnother) {
    settle();
    beat("chat-1");
    EXPECT_FALSE(is_news([this] { connectors_.hear(ready("dice", "dice-1"), now_).value(); }));
}

TEST_F(KindTableTest, TellsExactlyWhenOneThatIsGoneWasHeardLast) {
    beat("chat-1");
    const auto before = version();
    pass(1s);
    beat("chat-1");
    const auto last_beat_us = now_.unix_us;
    EXPECT_FALSE(table_.news("chat", before, now_));
    pass(3s);
    ASSERT_EQ(kind().instances_size(), 1);
    EXPECT_FALSE(kind().instances(0).there());
    EXPECT_EQ(kind().instances(0).last_beat_us(), last_beat_us);
}

TEST_F(KindTableTest, OneThatDrainsIsNotThereSoThatOthersTakeOver) {
    settle();
    beat("chat-1");
    EXPECT_TRUE(is_news([this] { beat("chat-1", v1::Presence::STATE_DRAINING); }));
    EXPECT_EQ(instances(), "chat-1 gone");
    EXPECT_FALSE(is_news([this] { beat("chat-1", v1::Presence::STATE_DRAINING); }));
    EXPECT_TRUE(is_news([this] { beat("chat-1", v1::Presence::STATE_GONE); }));
    EXPECT_TRUE(is_news([this] { beat("chat-1", v1::Presence::STATE_DRAINING); }));
    EXPECT_EQ(instances(), "chat-1 gone");
}

TEST_F(KindTableTest, ForgetsWhoHasBeenGoneForTenMinutes) {
    beat("chat-1");
    beat("chat-2", v1::Presence::STATE_READY);
    beat("chat-1", v1::Presence::STATE_GONE);
    settle();
    beat("chat-2");
    EXPECT_EQ(instances(), "chat-1 gone, chat-2 there");
    pass(10min - KindTable::settling_time - 1s);
    beat("chat-2");
    EXPECT_EQ(instances(), "chat-1 gone, chat-2 there");
    EXPECT_TRUE(is_news([this] { pass(1s); }));
    EXPECT_EQ(instances(), "chat-2 there");
}

TEST_F(KindTableTest, ForgetsKindsThatNobodyIsOf) {
    settle();
    beat("chat-1");
    const auto before = version();
    pass(3s);
    pass(10min);
    EXPECT_EQ(instances(), "");
    beat("chat-1");
    EXPECT_GT(version(), before);
}

TEST_F(KindTableTest, SettlesOnceWithAVersionOfItsOwnForEveryKind) {
    beat("chat-1");
    EXPECT_TRUE(kind().settling());
    pass(2s);
    beat("chat-1");
    EXPECT_FALSE(is_news([this] { pass(KindTable::settling_time - 2s - 1ms); }));
    beat("chat-1");
    EXPECT_TRUE(is_news([this] { pass(1ms); }));
    EXPECT_FALSE(kind().settling());
    EXPECT_FALSE(is_news([this] { pass(2s); }));
}

TEST_F(KindTableTest, TellsAddedAndRemovedChannelsOfItsKindAndOfAll) {
    settle();
    beat("chat-1");
    const auto say = [this](const std::string& channel, const std::string& kind_name,
                            WantedChannels::Word word) {
        v1::ChannelsChange change;
        change.add_channels(channel);
        change.set_kind(kind_name);
        wanted_.change(change, word, now_).value();
    };
    using Word = WantedChannels::Word;
    EXPECT_TRUE(is_news([&] { say("xqc", "chat", Word::added); }));
    EXPECT_TRUE(is_news([&] { say("ann", "", Word::removed); }));
    EXPECT_FALSE(is_news([&] { say("bob", "dice", Word::added); }));
    EXPECT_FALSE(is_news([&] { say("xqc", "chat", Word::added); }));
    ASSERT_EQ(kind().added_size(), 1);
    EXPECT_EQ(kind().added(0), "xqc");
    ASSERT_EQ(kind().removed_size(), 1);
    EXPECT_EQ(kind().removed(0), "ann");
}

TEST_F(KindTableTest, NoVersionComesTwiceOverRestarts) {
    for (int i = 0; i < 100; ++i) beat("chat-" + std::to_string(i));
    const auto last = version();
    KindTable next(connectors_, wanted_);
    next.begin(78, now_);
    EXPECT_GT(next.news("chat", 0, now_)->version(), last);
}

}  // namespace
}  // namespace coven::broker
