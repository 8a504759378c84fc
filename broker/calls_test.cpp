// Commands through the real program, with plain sockets on both sides.

#include <gtest/gtest.h>

#include "call_players_for_test.hpp"
#include "call_queue.hpp"
#include "replies.hpp"

namespace coven::broker {
namespace {

class Calls : public testing::Test {
  protected:
    /// Gives `connector` as many calls as it takes; their ids.
    std::vector<std::string> fill(PlayedConnector& connector) {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < CallQueue::most_at_once; ++i) {
            caller_.send("fill", call_to("xqc"));
            ids.push_back(connector.next().id());
        }
        return ids;
    }

    BrokerProcess broker_{Transport::ipc};
    Caller caller_{broker_.doors()};
};

TEST_F(Calls, GoToTheConnectorAndItsAnswerComesBack) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    caller_.send("mine", call_to("xqc"));
    const auto command = connector.next();
    EXPECT_EQ(command.verb(), "chat.send");
    EXPECT_EQ(command.target(), "xqc");
    EXPECT_EQ(command.payload().value(), "hello");
    EXPECT_GT(command.deadline_ms(), 0u);
    EXPECT_LE(command.deadline_ms(), 60'000u);
    EXPECT_EQ(caller_.status().handed_over(), 1u);
    v1::Reply outcome = ok(v1::Tick());
    outcome.set_id(command.id());
    v1::Request answer;
    answer.set_verb("connector.answer");
    answer.mutable_payload()->PackFrom(outcome);
    EXPECT_EQ(words(connector.ask(answer)), "OK");
    const auto reply = caller_.reply();
    EXPECT_EQ(words(reply), "OK");
    EXPECT_EQ(reply.id(), "mine");
    EXPECT_TRUE(reply.payload().Is<v1::Tick>());
    const auto status = caller_.status();
    EXPECT_EQ(status.handed_over(), 0u);
    ASSERT_EQ(status.ended_size(), 1);
    EXPECT_EQ(status.ended(0).status(), v1::Reply::OK);
    EXPECT_EQ(status.ended(0).count(), 1u);
}

TEST_F(Calls, OfAREQClientAndOfOneBehindAProxyAreAnsweredToo) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    Asker req(broker_.doors(), zmq::socket_type::req);
    req.send({call_to("xqc").SerializeAsString()});
    connector.answer(connector.next().id());
    EXPECT_EQ(req.receive().size(), 1u);
    Asker far(broker_.doors());
    far.send({"hop", "", call_to("xqc").SerializeAsString()});
    connector.answer(connector.next().id());
    const auto frames = far.receive();
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_EQ(frames[0], "hop");
}

TEST_F(Calls, GoToWhoNamesTheTargetThenToWhoAnswersAllTargets) {
    PlayedConnector all(broker_.doors(), "chat-1");
    PlayedConnector one(broker_.doors(), "chat-2", "xqc");
    caller_.send("1", call_to("xqc"));
    caller_.send("2", call_to("forsen"));
    EXPECT_EQ(one.next().target(), "xqc");
    EXPECT_EQ(all.next().target(), "forsen");
    EXPECT_EQ(one.waiting() + all.waiting(), 0u);
}

TEST_F(Calls, GoToTheConnectorThatCameLastAndBackWhenItGoes) {
    PlayedConnector first(broker_.doors(), "chat-1");
    PlayedConnector second(broker_.doors(), "chat-2");
    caller_.send("1", call_to("xqc"));
    second.answer(second.next().id());
    EXPECT_EQ(words(caller_.reply()), "OK");
    second.say("connector.beat", v1::Presence::STATE_GONE);
    caller_.send("2", call_to("xqc"));
    first.answer(first.next().id());
    EXPECT_EQ(words(caller_.reply()), "OK");
}

TEST_F(Calls, ThatNobodyAnswersAreToldWhoAnswersWhat) {
    EXPECT_NE(caller_.call("1", call_to("xqc")).message().find("start one"), std::string::npos);
    PlayedConnector connector(broker_.doors(), "chat-1", "xqc");
    auto reply = caller_.call("2", call_to("forsen"));
    EXPECT_EQ(words(reply), "NO_ROUTE no_connector");
    EXPECT_NE(reply.message().find("chat-1 for xqc"), std::string::npos) << reply.message();
    auto unknown = call_to("xqc");
    unknown.set_verb("chat.sing");
    reply = caller_.call("3", unknown);
    EXPECT_EQ(words(reply), "NO_ROUTE no_connector");
    EXPECT_NE(reply.message().find("chat.send"), std::string::npos) << reply.message();
}

TEST_F(Calls, ThatWaitPastTheirDeadlineAreNeverHandedOver) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    const auto ids = fill(connector);
    auto hasty = call_to("xqc");
    hasty.set_deadline_ms(20);
    EXPECT_EQ(words(caller_.call("1", hasty)), "EXPIRED deadline_passed");
    connector.answer(ids[0]);
    EXPECT_EQ(connector.waiting(), 0u);
}

TEST_F(Calls, ThatAreNotAnsweredByTheirDeadlineAreUnknown) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    auto hasty = call_to("xqc");
    hasty.set_deadline_ms(20);
    EXPECT_EQ(words(caller_.call("1", hasty)), "UNKNOWN deadline_passed");
    const auto id = connector.next().id();
    EXPECT_EQ(words(connector.answer(id)), "REJECTED call_unknown") << "it had no key";
}

TEST_F(Calls, GoInOrderOfPriority) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    const auto ids = fill(connector);
    for (const int priority : {-1, 7, 0}) {
        auto waiting = call_to(std::to_string(priority));
        waiting.set_priority(priority);
        caller_.send("waiting", waiting);
    }
    EXPECT_EQ(caller_.status().waiting(), 3u);
    std::vector<std::string> order;
    for (std::size_t i = 0; i < 3; ++i) {
        connector.answer(ids[i]);
        order.push_back(connector.next().target());
    }
    EXPECT_EQ(order, (std::vector<std::string>{"7", "0", "-1"}));
}

TEST_F(Calls, DoNotGoToAConnectorThatDrains) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    caller_.send("1", call_to("xqc"));
    const auto id = connector.next().id();
    connector.say("connector.beat", v1::Presence::STATE_DRAINING);
    EXPECT_EQ(words(caller_.call("2", call_to("xqc"))), "NO_ROUTE no_connector");
    EXPECT_EQ(words(connector.answer(id)), "OK");
    EXPECT_EQ(words(caller_.reply()), "OK");
    EXPECT_EQ(connector.waiting(), 0u);
}

TEST_F(Calls, GoElsewhereWhenTheConnectorCannotBeReached) {
    PlayedConnector first(broker_.doors(), "chat-1");
    auto second = std::make_unique<PlayedConnector>(broker_.doors(), "chat-2");
    second.reset();
    // The broker sees the end of the connection when it sees it; until then one call may be lost
    // on its way, and is told so when the connector is gone.
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    for (bool there = false; !there;) {
        ASSERT_LT(std::chrono::steady_clock::now(), end);
        caller_.send("1", call_to("xqc"));
        there = first.waiting() > 0;
    }
    EXPECT_EQ(first.next().target(), "xqc");
}

TEST_F(Calls, ThatNobodyCanBeReachedForHaveNoRouteAndTheirKeyIsFree) {
    auto gone = std::make_unique<PlayedConnector>(broker_.doors(), "chat-1");
    gone.reset();
    v1::Reply reply;
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    int attempt = 0;
    while (reply.status() != v1::Reply::NO_ROUTE) {
        ASSERT_LT(std::chrono::steady_clock::now(), end);
        auto hasty = call_to("xqc", "key " + std::to_string(++attempt));
        hasty.set_deadline_ms(20);
        reply = caller_.call("1", hasty);
    }
    EXPECT_NE(reply.message().find("out of reach"), std::string::npos) << reply.message();
    PlayedConnector connector(broker_.doors(), "chat-1");
    caller_.send("2", call_to("xqc", "key " + std::to_string(attempt)));
    EXPECT_EQ(words(connector.answer(connector.next().id())), "OK");
    EXPECT_EQ(words(caller_.reply()), "OK");
}

TEST_F(Calls, CannotBePromisedByAConnectorThatTheyCannotReach) {
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("chat");
    ready.mutable_presence()->set_instance("chat-1");
    Asker req(broker_.doors(), zmq::socket_type::req);
    EXPECT_EQ(words(req.ask("connector.ready", ready)), "OK");
    ready.add_verbs("chat.send");
    EXPECT_EQ(words(req.ask("connector.ready", ready)), "REJECTED presence_refused");
    EXPECT_EQ(words(caller_.call("1", call_to("xqc"))), "NO_ROUTE no_connector");
}

}  // namespace
}  // namespace coven::broker
