// The request door of the real program, with plain sockets.

#include <algorithm>

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

std::string request_for(const std::string& verb) {
    v1::Request request;
    request.set_id("r-7");
    request.set_verb(verb);
    return request.SerializeAsString();
}

v1::Reply parsed(const std::string& bytes) {
    v1::Reply reply;
    EXPECT_TRUE(reply.ParseFromString(bytes));
    return reply;
}

TEST(RequestDoor, AnswersREQAndDEALERAndWhoeverIsBehindAProxy) {
    const BrokerProcess broker(Transport::ipc);
    Asker req(broker.doors(), zmq::socket_type::req);
    req.send({request_for("broker.status")});
    auto frames = req.receive();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(parsed(frames[0]).status(), v1::Reply::OK);
    EXPECT_EQ(parsed(frames[0]).id(), "r-7");

    Asker dealer(broker.doors());
    dealer.send({request_for("broker.status")});
    frames = dealer.receive();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(parsed(frames[0]).status(), v1::Reply::OK);

    dealer.send({"hop 1", "hop 2", "", request_for("broker.status")});
    frames = dealer.receive();
    ASSERT_EQ(frames.size(), 4u);
    EXPECT_EQ(frames[0], "hop 1");
    EXPECT_EQ(frames[1], "hop 2");
    EXPECT_EQ(frames[2], "");
    EXPECT_EQ(parsed(frames[3]).status(), v1::Reply::OK);
}

TEST(RequestDoor, TellsTheStatus) {
    const BrokerProcess broker(Transport::ipc);
    Publisher publisher(broker.doors());
    Reader reader(broker.doors(), {"a."});
    const auto epoch = reader.barrier().bus_epoch();
    publisher.send(sample_frame("a.b", {7, 1, 0}));
    ASSERT_TRUE(reader.next_on("a.b"));
    const auto status = Asker(broker.doors()).status();
    EXPECT_EQ(status.bus_epoch(), epoch);
    EXPECT_EQ(status.head(), 1u);
    EXPECT_EQ(status.topics(), 1u);
    EXPECT_EQ(status.producers(), 1u);
    EXPECT_EQ(status.dropped_size(), 0);
    EXPECT_GT(status.started_us(), 0u);
}

TEST(RequestDoor, ListsTopicsInPages) {
    const BrokerProcess broker(Transport::ipc);
    Publisher publisher(broker.doors());
    Reader reader(broker.doors(), {"z."});
    reader.barrier();
    for (int i = 0; i < 25; ++i) publisher.send(frame_without_tail("a." + std::to_string(i)));
    publisher.send(frame_without_tail("z.last"));
    ASSERT_TRUE(reader.next_on("z.last"));
    Asker asker(broker.doors());
    v1::TopicsListRequest wanted;
    wanted.set_prefix("a.");
    wanted.set_limit(10);
    std::vector<std::string> topics;
    for (bool more = true; more;) {
        const auto reply = asker.ask("topics.list", wanted);
        v1::TopicsList list;
        ASSERT_TRUE(reply.payload().UnpackTo(&list));
        for (const auto& topic : list.topics()) topics.push_back(topic.head().topic());
        wanted.set_after(topics.back());
        more = reply.more();
    }
    EXPECT_EQ(topics.size(), 25u);
    EXPECT_TRUE(std::is_sorted(topics.begin(), topics.end()));
}

TEST(RequestDoor, GivesTheSchemaAndSaysWhatItDoesNotKnow) {
    const BrokerProcess broker(Transport::ipc);
    Asker asker(broker.doors());
    v1::Schema schema;
    ASSERT_TRUE(asker.ask("schema.get").payload().UnpackTo(&schema));
    EXPECT_GT(schema.files().file_size(), 3);
    const auto reply = asker.ask("chat.send");
    EXPECT_EQ(reply.status(), v1::Reply::NO_ROUTE);
    EXPECT_EQ(reply.code(), "no_connector");
}

TEST(RequestDoor, RefusesWhatIsNoRequestIfItCanAnswer) {
    const BrokerProcess broker(Transport::ipc);
    Asker asker(broker.doors());
    asker.send({"\xff\xff no protobuf"});
    auto frames = asker.receive();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(parsed(frames[0]).status(), v1::Reply::REJECTED);
    EXPECT_EQ(parsed(frames[0]).code(), "request_malformed");
    asker.send({"", request_for("broker.status"), "one too many"});
    frames = asker.receive();
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(parsed(frames[1]).code(), "request_malformed");
    asker.send(std::vector<std::string>(1000, "frame"));
    frames = asker.receive();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(parsed(frames[0]).code(), "request_malformed");
    EXPECT_EQ(asker.drops("request_malformed"), 3u);
}

TEST(RequestDoor, CountsRepliesThatNobodyTakesAndServesTheOthers) {
    const BrokerProcess broker(Transport::ipc);
    Asker asker(broker.doors());
    Asker deaf(broker.doors());
    // More bytes of replies than its buffers, its high-water mark and the broker's hold.
    for (int i = 0; i < 6000; ++i) deaf.send({request_for("schema.get")});
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (asker.drops("reply_unsent") == 0) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "none was unsent";
    }
}

class Presences : public testing::Test {
  protected:
    Presences() {
        ready_.mutable_presence()->set_kind("chat");
        ready_.mutable_presence()->set_instance("chat-1");
        ready_.mutable_presence()->set_state(v1::Presence::STATE_READY);
        reader_.barrier();
    }
    v1::Presence next_presence(v1::Event* whole) {
        const auto frame = reader_.next_on("bus.chat.chat-1.state");
        v1::Presence presence;
        EXPECT_TRUE(frame);
        if (!frame) return presence;
        *whole = event_in(*frame);
        EXPECT_TRUE(whole->proto_data().UnpackTo(&presence));
        return presence;
    }
    /// The state in which the only connector is listed.
    v1::Presence::State listed() {
        v1::ConnectorsList list;
        EXPECT_TRUE(asker_.ask("connectors.list").payload().UnpackTo(&list));
        EXPECT_EQ(list.connectors_size(), 1);
        if (list.connectors_size() != 1) return v1::Presence::STATE_UNSPECIFIED;
        return list.connectors(0).presence().state();
    }

    BrokerProcess broker_{Transport::ipc};
    Asker asker_{broker_.doors()};
    Reader reader_{broker_.doors(), {"bus.chat."}};
    v1::ConnectorReady ready_;
};

TEST_F(Presences, OfAConnectorThatFellSilentIsGone) {
    EXPECT_EQ(asker_.ask("connector.ready", ready_).status(), v1::Reply::OK);
    EXPECT_EQ(listed(), ready_.presence().state());
    v1::Event event;
    const auto presence = next_presence(&event);
    EXPECT_EQ(presence.state(), v1::Presence::STATE_GONE);
    EXPECT_EQ(presence.reason(), "three heartbeats were missed");
    EXPECT_EQ(event.type(), "coven.presence");
    EXPECT_EQ(event.source(), "/coven/broker/main");
    EXPECT_EQ(event.offset(), 1u) << "it is numbered like any event";
    EXPECT_EQ(event.flags(), v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER);
    EXPECT_EQ(listed(), v1::Presence::STATE_GONE);
}

TEST_F(Presences, OfAConnectorThatSaidGoodbyeIsGoneAtOnce) {
    asker_.ask("connector.ready", ready_);
    ready_.mutable_presence()->set_state(v1::Presence::STATE_GONE);
    ready_.mutable_presence()->set_reason("stopped");
    asker_.ask("connector.beat", ready_);
    v1::Event event;
    EXPECT_EQ(next_presence(&event).reason(), "stopped");
    EXPECT_EQ(listed(), v1::Presence::STATE_GONE);
}

}  // namespace
}  // namespace coven::broker
