// What connectors hear of the others of their kind from the real program.

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "coven/v1/channels.pb.h"

namespace coven::broker {
namespace {

/// A connector as one writes it in any language: a socket and what it has heard of its kind.
class Player {
  public:
    Player(const Endpoints& doors, const std::string& instance)
        : asker_(doors), clock_(doors, {"bus.broker."}) {
        ready_.mutable_presence()->set_kind("chat");
        ready_.mutable_presence()->set_instance(instance);
        ready_.mutable_presence()->set_state(v1::Presence::STATE_READY);
    }
    /// One heartbeat; whether it brought news.
    bool beat(v1::Presence::State state = v1::Presence::STATE_READY) {
        ready_.mutable_presence()->set_state(state);
        ready_.set_kind_version(kind_.version());
        v1::ConnectorHeard heard;
        EXPECT_TRUE(asker_.ask("connector.beat", ready_).payload().UnpackTo(&heard));
        if (heard.has_kind()) kind_ = heard.kind();
        return heard.has_kind();
    }
    const v1::ConnectorKind& kind() const { return kind_; }
    /// Beats on, as often as the broker's clock ticks, until its kind is as `wanted` says; false:
    /// it never was.
    bool until(const std::function<bool(const v1::ConnectorKind& kind)>& wanted) {
        const auto end = std::chrono::steady_clock::now() + answer_deadline;
        while (!wanted(kind_)) {
            if (std::chrono::steady_clock::now() > end || !clock_.next()) return false;
            beat();
        }
        return true;
    }

  private:
    Asker asker_;
    Reader clock_;
    v1::ConnectorReady ready_;
    v1::ConnectorKind kind_;
};

/// Whether `instance` is listed, and how.
std::string how_is(const v1::ConnectorKind& kind, const std::string& instance) {
    for (const auto& listed : kind.instances()) {
        if (listed.instance() == instance) return listed.there() ? "there" : "gone";
    }
    return "unknown";
}

bool is_settled(const v1::ConnectorKind& kind) { return kind.version() > 0 && !kind.settling(); }

TEST(Kinds, AreToldAtOnceWhenOneComesDrainsAndSaysGoodbye) {
    const BrokerProcess broker(Transport::ipc);
    Player one(broker.doors(), "chat-1");
    Player two(broker.doors(), "chat-2");
    EXPECT_TRUE(one.beat());
    EXPECT_TRUE(one.kind().settling());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "unknown");
    EXPECT_TRUE(two.beat());
    EXPECT_TRUE(one.beat());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "there");
    two.beat(v1::Presence::STATE_DRAINING);
    EXPECT_TRUE(one.beat());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "gone");
    two.beat(v1::Presence::STATE_GONE);
    EXPECT_TRUE(one.beat());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "gone");
    two.beat();
    EXPECT_TRUE(one.beat());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "there");
}

TEST(Kinds, AreToldWithinFiveSecondsWhenOneFallsSilent) {
    const BrokerProcess broker(Transport::ipc);
    Player one(broker.doors(), "chat-1");
    Player two(broker.doors(), "chat-2");
    ASSERT_TRUE(one.until(is_settled));
    two.beat();
    one.beat();
    ASSERT_EQ(how_is(one.kind(), "chat-2"), "there");
    const auto last_beat_us = one.kind().instances(1).last_beat_us();
    ASSERT_TRUE(one.until([](const auto& kind) { return how_is(kind, "chat-2") == "gone"; }));
    EXPECT_EQ(one.kind().instances(1).last_beat_us(), last_beat_us);
    v1::ConnectorsList list;
    ASSERT_TRUE(Asker(broker.doors()).ask("connectors.list").payload().UnpackTo(&list));
    const auto silence_us = list.connectors(1).presence().since_us() - last_beat_us;
    EXPECT_GE(silence_us, 3'000'000u);
    // The others hear it with their next beat, a second later.
    EXPECT_LT(silence_us, 4'000'000u);
}

TEST(Kinds, AreToldAgainByANewBrokerWhichSettlesFirst) {
    BrokerProcess broker(Transport::ipc);
    Player one(broker.doors(), "chat-1");
    Player two(broker.doors(), "chat-2");
    two.beat();
    ASSERT_TRUE(one.until(is_settled));
    const auto before = one.kind().version();
    broker.kill();
    broker.start();
    EXPECT_TRUE(one.beat());
    EXPECT_GT(one.kind().version(), before);
    EXPECT_TRUE(one.kind().settling());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "unknown");
    two.beat();
    EXPECT_TRUE(one.beat());
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "there");
    ASSERT_TRUE(one.until([&two](const auto& kind) {
        two.beat();
        return is_settled(kind);
    }));
    EXPECT_EQ(how_is(one.kind(), "chat-2"), "there");
}

template <class Payload>
v1::Reply say_of(const BrokerProcess& broker, const std::string& verb, const std::string& channel) {
    Payload change;
    change.add_channels(channel);
    return Asker(broker.doors()).ask(verb, change);
}

TEST(Kinds, HearOfAddedChannelsAgainAfterARestart) {
    BrokerProcess broker(Transport::ipc);
    Player one(broker.doors(), "chat-1");
    one.beat();
    EXPECT_EQ(say_of<v1::ChannelsChange>(broker, "channels.add", "xqc").code(), "");
    EXPECT_EQ(say_of<v1::ChannelsChange>(broker, "channels.add", "ann").code(), "");
    EXPECT_EQ(say_of<v1::ChannelsRemove>(broker, "channels.remove", "bob").code(), "");
    EXPECT_EQ(say_of<v1::ChannelsForget>(broker, "channels.forget", "ann").code(), "");
    EXPECT_TRUE(one.beat());
    const auto as_told = [&one] {
        const auto& kind = one.kind();
        return kind.added_size() == 1 && kind.added(0) == "xqc" && kind.removed_size() == 1 &&
               kind.removed(0) == "bob";
    };
    EXPECT_TRUE(as_told());
    // What was answered with OK is kept, however the broker ends.
    broker.kill();
    broker.start();
    EXPECT_TRUE(one.beat());
    EXPECT_TRUE(as_told());
}

TEST(Kinds, HearOfAddedChannelsUntilTheBrokerEndsWhenItKeepsNoJournal) {
    BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"});
    const auto reply = say_of<v1::ChannelsChange>(broker, "channels.add", "xqc");
    EXPECT_EQ(reply.status(), v1::Reply::OK);
    EXPECT_EQ(reply.code(), "not_kept");
    EXPECT_EQ(reply.message(), "the journal is off: this holds until the broker ends");
    Player one(broker.doors(), "chat-1");
    one.beat();
    EXPECT_EQ(one.kind().added_size(), 1);
    EXPECT_EQ(broker.stop(), 0);
    broker.start();
    EXPECT_TRUE(one.beat());
    EXPECT_EQ(one.kind().added_size(), 0);
}

}  // namespace
}  // namespace coven::broker
