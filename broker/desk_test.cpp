#include "desk.hpp"

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "coven/v1/channels.pb.h"
#include "envelope.hpp"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

class DeskTest : public testing::Test {
  protected:
    v1::Reply ask(const std::string& verb) {
        v1::Request request;
        request.set_id("r-1");
        request.set_verb(verb);
        return desk_.answer(request, sender_, now_).reply;
    }
    v1::Reply ask(const std::string& verb, const google::protobuf::Message& payload) {
        v1::Request request;
        request.set_id("r-1");
        request.set_verb(verb);
        request.mutable_payload()->PackFrom(payload);
        return desk_.answer(request, sender_, now_).reply;
    }
    template <class T>
    static T payload_of(const v1::Reply& reply) {
        T payload;
        EXPECT_EQ(reply.status(), v1::Reply::OK) << reply.message();
        EXPECT_EQ(reply.id(), "r-1");
        EXPECT_TRUE(reply.payload().UnpackTo(&payload));
        return payload;
    }
    void publish(const std::string& topic) {
        auto frame = frame_without_tail(topic);
        router_.take(frame, Router::From::publisher, now_);
    }

    Moment now_{Instant(1000s), 5'000'000};
    Drops drops_;
    Router router_{77, {}, drops_};
    Connections connections_;
    ConnectorTable connectors_;
    WantedChannels wanted_channels_;
    KindTable kinds_{connectors_, wanted_channels_};
    ChannelTable channels_;
    Vitals vitals_{4'000'000, 12.5};
    TempFolder temporary_;
    DataFolder folder_ = *DataFolder::open(temporary_.path());
    StateTable states_{1'000'000};
    ConsumerTable consumers_;
    Storage storage_{{folder_, router_, states_}, nullptr};
    CallDesk calls_{connectors_, storage_};
    Desk desk_{{router_, connections_, vitals_, connectors_, kinds_, channels_, wanted_channels_,
                drops_, states_, consumers_, storage_, calls_}};
    const Sender sender_{"connection", "envelope"};
};

TEST_F(DeskTest, TellsTheBrokersStatus) {
    publish("a.b");
    publish("a.c");
    publish("A");
    vitals_.subscribers = 1;
    const auto status = payload_of<v1::BrokerStatus>(ask("broker.status"));
    EXPECT_FALSE(status.version().empty());
    EXPECT_EQ(status.bus_epoch(), 77u);
    EXPECT_EQ(status.head(), 2u);
    EXPECT_EQ(status.committed(), 2u);
    EXPECT_EQ(status.events(), 2u);
    EXPECT_GT(status.bytes(), 2 * tail_bytes);
    EXPECT_EQ(status.topics(), 2u);
    EXPECT_EQ(status.started_us(), 4'000'000u);
    EXPECT_EQ(status.rate(), 12.5);
    EXPECT_EQ(status.subscribers(), 1u);
    ASSERT_EQ(status.dropped_size(), 1);
    EXPECT_EQ(status.dropped(0).reason(), "topic_malformed");
    EXPECT_EQ(status.dropped(0).count(), 1u);
}

TEST_F(DeskTest, ListsTopicsInByteOrder) {
    for (const char* topic : {"b.x", "a.b", "b.a", "b.x"}) publish(topic);
    const auto list = payload_of<v1::TopicsList>(ask("topics.list"));
    EXPECT_EQ(list.bus_epoch(), 77u);
    EXPECT_EQ(list.offset(), 4u);
    ASSERT_EQ(list.topics_size(), 3);
    EXPECT_EQ(list.topics(0).head().topic(), "a.b");
    EXPECT_EQ(list.topics(1).head().topic(), "b.a");
    const auto& last = list.topics(2);
    EXPECT_EQ(last.head().topic(), "b.x");
    EXPECT_EQ(last.head().offset(), 4u);
    EXPECT_EQ(last.head().topic_seq(), 2u);
    EXPECT_EQ(last.head().bus_epoch(), 77u);
    EXPECT_EQ(last.last_event_us(), now_.unix_us);
    EXPECT_GT(last.rate(), 0);
}

TEST_F(DeskTest, ListsTopicsByPrefixInPages) {
    for (int i = 0; i < 10; ++i) publish("b." + std::to_string(i));
    publish("a.b");
    publish("c.d");
    v1::TopicsListRequest wanted;
    wanted.set_prefix("b.");
    wanted.set_limit(4);
    std::vector<int> pages;
    for (bool more = true; more;) {
        const auto reply = ask("topics.list", wanted);
        const auto list = payload_of<v1::TopicsList>(reply);
        pages.push_back(list.topics_size());
        wanted.set_after(list.topics(list.topics_size() - 1).head().topic());
        more = reply.more();
    }
    EXPECT_EQ(pages, (std::vector<int>{4, 4, 2}));
    wanted.set_prefix("none.");
    EXPECT_EQ(payload_of<v1::TopicsList>(ask("topics.list", wanted)).topics_size(), 0);
}

TEST_F(DeskTest, PagesFitIntoAMebibyteAndMissNothing) {
    const std::string long_word(60, 'x');
    const auto start = long_word + "." + long_word + ".";
    for (int i = 0; i < 12'000; ++i) {
        publish(start + std::to_string(i));
    }
    v1::TopicsListRequest wanted;
    int topics = 0;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const auto reply = ask("topics.list", wanted);
        EXPECT_LE(reply.ByteSizeLong(), max_reply_bytes);
        const auto list = payload_of<v1::TopicsList>(reply);
        topics += list.topics_size();
        wanted.set_after(list.topics(list.topics_size() - 1).head().topic());
        more = reply.more();
    }
    EXPECT_EQ(topics, 12'000);
    EXPECT_GT(pages, 1);
}

TEST_F(DeskTest, HearsConnectorsAndListsThem) {
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("chat");
    ready.mutable_presence()->set_instance("chat-1");
    EXPECT_EQ(ask("connector.ready", ready).status(), v1::Reply::OK);
    EXPECT_EQ(ask("connector.beat", ready).status(), v1::Reply::OK);
    const auto list = payload_of<v1::ConnectorsList>(ask("connectors.list"));
    ASSERT_EQ(list.connectors_size(), 1);
    EXPECT_EQ(list.connectors(0).presence().instance(), "chat-1");
}

TEST_F(DeskTest, SaysWhyAPresenceIsRefused) {
    const auto reply = ask("connector.ready", v1::ConnectorReady());
    EXPECT_EQ(reply.status(), v1::Reply::REJECTED);
    EXPECT_EQ(reply.code(), "presence_refused");
    EXPECT_EQ(reply.message(), "presence.kind has an empty word");
    EXPECT_EQ(drops_.of(Drop::presence_refused), 1u);
}

TEST_F(DeskTest, GivesTheSchemaOfAllItsMessages) {
    const auto schema = payload_of<v1::Schema>(ask("schema.get"));
    std::vector<std::string> names;
    for (const auto& file : schema.files().file()) names.push_back(file.name());
    EXPECT_NE(std::find(names.begin(), names.end(), "coven/v1/event.proto"), names.end());
}

TEST_F(DeskTest, RefusesAPayloadOfAnotherType) {
    for (const char* verb : {"topics.list", "connector.beat"}) {
        const auto reply = ask(verb, v1::Barrier());
        EXPECT_EQ(reply.status(), v1::Reply::REJECTED) << verb;
        EXPECT_EQ(reply.code(), "payload_malformed") << verb;
    }
}

TEST_F(DeskTest, LeavesVerbsThatAreNotItsOwnToTheCalls) {
    v1::Request request;
    request.set_id("r-1");
    request.set_verb("chat.send");
    EXPECT_EQ(desk_.answer(request, sender_, now_).by, Desk::Answer::By::calls);
    const auto said = calls_.take_reply();
    ASSERT_TRUE(said);
    EXPECT_EQ(said->envelope, "envelope");
    EXPECT_EQ(said->verb, "other");
    EXPECT_EQ(said->reply.status(), v1::Reply::NO_ROUTE);
    EXPECT_EQ(said->reply.id(), "r-1");
    EXPECT_EQ(ask("\x1b[2J").message(), "verb has a character outside of a-z, 0-9, '_' and '-'");
    EXPECT_EQ(drops_.of(Drop::verb_unknown), 1u);
}

TEST_F(DeskTest, CountsItsAnswersByVerbAndStatusAndUnknownVerbsTogether) {
    ask("topics.list", v1::TopicsListRequest());
    ask("topics.list", v1::TopicsListRequest());
    ask("topics.list", v1::Tick());
    ask("Chat");
    ask("other.");
    ask(std::string(300, 'x'));
    desk_.refuse_malformed("no request");
    const Desk::Answers wanted = {{{"topics.list", v1::Reply::OK}, 2},
                                  {{"topics.list", v1::Reply::REJECTED}, 1},
                                  {{"other", v1::Reply::NO_ROUTE}, 3},
                                  {{"other", v1::Reply::REJECTED}, 1}};
    EXPECT_EQ(desk_.answers(), wanted);
}

TEST_F(DeskTest, DoesNotEchoAnEndlessId) {
    v1::Request request;
    request.set_id(std::string(201, 'x'));
    const auto reply = desk_.answer(request, sender_, now_).reply;
    EXPECT_EQ(reply.status(), v1::Reply::REJECTED);
    EXPECT_EQ(reply.code(), "request_malformed");
    EXPECT_EQ(reply.id(), "");
}

TEST(Envelope, EndsWithTheFirstEmptyFrame) {
    const auto read = [](const std::vector<std::string>& texts) {
        std::vector<zmq::message_t> frames;
        frames.reserve(texts.size());
        for (const auto& text : texts) frames.emplace_back(text);
        const auto envelope = read_envelope(frames);
        return std::pair(envelope.echo, envelope.whole);
    };
    using Read = std::pair<std::size_t, bool>;
    EXPECT_EQ(read({"id", "body"}), Read(1, true)) << "DEALER";
    EXPECT_EQ(read({"id", "", "body"}), Read(2, true)) << "REQ";
    EXPECT_EQ(read({"id", "hop", "", "body"}), Read(3, true)) << "REQ behind a proxy";
    EXPECT_EQ(read({"id", "", ""}), Read(2, true)) << "a Request of defaults";
    EXPECT_EQ(read({"id"}), Read(0, false));
    EXPECT_EQ(read({"id", ""}), Read(2, false));
    EXPECT_EQ(read({"id", "body", "body"}), Read(1, false));
    EXPECT_EQ(read({"id", "", "body", "body"}), Read(2, false));
}

TEST(Envelope, IsTheSameWhenItIsUnsealed) {
    std::vector<zmq::message_t> frames;
    for (const char* text : {"id", "hop", "", "body"}) frames.emplace_back(std::string(text));
    const auto again = unsealed(sealed(frames, 3));
    ASSERT_EQ(again.size(), 3u);
    for (std::size_t i = 0; i < again.size(); ++i) {
        EXPECT_EQ(again[i].to_string(), frames[i].to_string());
    }
    EXPECT_TRUE(unsealed("").empty());
}

v1::ConnectorChannels channels_of_chat() {
    v1::ConnectorChannels said;
    said.set_kind("chat");
    said.set_instance("chat-1");
    said.set_seq(1);
    said.set_from_scratch(true);
    said.add_channels()->set_channel("xqc");
    said.mutable_channels(0)->set_state(v1::ChannelState::STATE_JOINED);
    return said;
}

TEST_F(DeskTest, ListsTheChannelsOfAConnectorAndTellsItWhatWasHeard) {
    const auto said = channels_of_chat();
    auto reply = ask("connector.channels", said);
    EXPECT_EQ(reply.status(), v1::Reply::REJECTED);
    EXPECT_EQ(reply.code(), "connector_unknown");
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("chat");
    ready.mutable_presence()->set_instance("chat-1");
    const auto before = payload_of<v1::ConnectorHeard>(ask("connector.ready", ready));
    EXPECT_EQ(before.channels_seq(), 0u);
    EXPECT_EQ(ask("connector.channels", said).status(), v1::Reply::OK);
    const auto after = payload_of<v1::ConnectorHeard>(ask("connector.beat", ready));
    EXPECT_EQ(after.channels_seq(), 1u);
    reply = ask("channels.list");
    const auto list = payload_of<v1::ChannelsList>(reply);
    ASSERT_EQ(list.channels_size(), 1);
    EXPECT_EQ(list.channels(0).channel(), "xqc");
    EXPECT_EQ(list.channels(0).instance(), "chat-1");
    EXPECT_EQ(list.totals().joined(), 1u);
    EXPECT_FALSE(reply.more());
}

TEST_F(DeskTest, ListsAddedChannelsAsWaitingUntilAConnectorHasThem) {
    v1::ChannelsChange change;
    change.add_channels("xqc");
    change.set_kind("chat");
    const auto changed = payload_of<v1::ChannelsChanged>(ask("channels.add", change));
    ASSERT_EQ(changed.changed_size(), 1);
    auto list = payload_of<v1::ChannelsList>(ask("channels.list"));
    ASSERT_EQ(list.channels_size(), 1);
    EXPECT_EQ(list.channels(0).state(), v1::ChannelState::STATE_WANTED);
    EXPECT_EQ(list.channels(0).reason(), "waits for a connector");
    EXPECT_TRUE(list.channels(0).added());
    EXPECT_EQ(list.totals().wanted(), 1u);
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("chat");
    ready.mutable_presence()->set_instance("chat-1");
    const auto heard = payload_of<v1::ConnectorHeard>(ask("connector.ready", ready));
    ASSERT_EQ(heard.kind().added_size(), 1);
    EXPECT_EQ(heard.kind().added(0), "xqc");
    ready.set_kind_version(heard.kind().version());
    EXPECT_FALSE(payload_of<v1::ConnectorHeard>(ask("connector.beat", ready)).has_kind());
    ask("connector.channels", channels_of_chat());
    list = payload_of<v1::ChannelsList>(ask("channels.list"));
    ASSERT_EQ(list.channels_size(), 1);
    EXPECT_EQ(list.channels(0).instance(), "chat-1");
}

TEST_F(DeskTest, RefusesChangesOfChannelsThatItCannotTake) {
    v1::ChannelsChange change;
    change.add_channels("No Login");
    const auto reply = ask("channels.add", change);
    EXPECT_EQ(reply.status(), v1::Reply::REJECTED);
    EXPECT_EQ(reply.code(), "channels_refused");
    EXPECT_EQ(ask("channels.add").code(), "payload_malformed");
    EXPECT_EQ(ask("channels.add", v1::ChannelsRemove()).code(), "payload_malformed");
    EXPECT_EQ(ask("channels.remove", v1::ChannelsRemove()).code(), "channels_refused");
    EXPECT_EQ(ask("channels.forget", v1::ChannelsForget()).code(), "channels_refused");
}

TEST_F(DeskTest, RefusesChannelsThatItCannotTake) {
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("chat");
    ready.mutable_presence()->set_instance("chat-1");
    ask("connector.ready", ready);
    auto said = channels_of_chat();
    said.mutable_channels(0)->set_channel("X Q C");
    EXPECT_EQ(ask("connector.channels", said).code(), "channels_refused");
    EXPECT_EQ(ask("connector.channels", ready).code(), "payload_malformed");
    EXPECT_EQ(ask("channels.list", ready).code(), "payload_malformed");
}

}  // namespace
}  // namespace coven::broker
