// How calls through the real program end, and what their keys say then.

#include <deque>

#include <gtest/gtest.h>

#include "call_players_for_test.hpp"
#include "replies.hpp"

namespace coven::broker {
namespace {

class CallAnswers : public testing::Test {
  protected:
    BrokerProcess broker_{Transport::ipc};
    Caller caller_{broker_.doors()};
};

TEST_F(CallAnswers, WithEqualKeysAreOne) {
    constexpr int callers = 100;
    PlayedConnector connector(broker_.doors(), "chat-1");
    std::deque<Caller> all;
    for (int i = 0; i < callers; ++i) {
        all.emplace_back(broker_.doors()).send(std::to_string(i), call_to("xqc", "key"));
    }
    const auto command = connector.next();
    // All have arrived before it is answered, as each has been refused something since.
    for (auto& caller : all) caller.send("late", call_to("xqc", "key", "something else"));
    for (auto& caller : all) EXPECT_EQ(words(caller.reply()), "REJECTED key_reused");
    connector.answer(command.id(), v1::Reply::FAILED, "banned");
    for (int i = 0; i < callers; ++i) {
        const auto reply = all[static_cast<std::size_t>(i)].reply();
        EXPECT_EQ(words(reply), "FAILED banned");
        EXPECT_EQ(reply.id(), std::to_string(i));
    }
    EXPECT_EQ(connector.waiting(), 0u);
}

TEST_F(CallAnswers, WhoseReplyWasLostAreAskedAgain) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    {
        Caller gone(broker_.doors());
        gone.send("1", call_to("xqc", "key"));
        const auto id = connector.next().id();
        EXPECT_EQ(words(connector.answer(id, v1::Reply::OK, "sent")), "OK");
    }
    EXPECT_EQ(words(caller_.call("2", call_to("xqc", "key"))), "OK sent");
    EXPECT_EQ(words(caller_.call("3", call_to("xqc", "key", "other"))), "REJECTED key_reused");
    EXPECT_EQ(connector.waiting(), 0u);
}

TEST_F(CallAnswers, OfAConnectorThatIsGoneAreUnknown) {
    {
        PlayedConnector connector(broker_.doors(), "chat-1");
        caller_.send("1", call_to("xqc", "key"));
        connector.next();
        connector.say("connector.beat", v1::Presence::STATE_GONE);
    }
    EXPECT_EQ(words(caller_.reply()), "UNKNOWN connector_lost");
    EXPECT_EQ(words(caller_.call("2", call_to("xqc", "key"))), "UNKNOWN connector_lost");
}

TEST_F(CallAnswers, OfAProcessWhoseNameAnotherHasTakenAreUnknown) {
    PlayedConnector first(broker_.doors(), "chat-1");
    caller_.send("1", call_to("xqc", "key"));
    const auto id = first.next().id();
    PlayedConnector second(broker_.doors(), "chat-1");
    EXPECT_EQ(words(caller_.reply()), "UNKNOWN connector_lost");
    caller_.send("2", call_to("xqc"));
    EXPECT_EQ(second.next().target(), "xqc");
    EXPECT_EQ(words(caller_.call("3", call_to("xqc", "key"))), "UNKNOWN connector_lost");
    EXPECT_EQ(words(first.say("connector.beat")), "OK") << "the other lives nevertheless";
    EXPECT_EQ(words(first.answer(id, v1::Reply::OK, "late")), "OK");
    EXPECT_EQ(words(caller_.call("4", call_to("xqc", "key"))), "OK late");
}

TEST_F(CallAnswers, AreKeptByAConnectorThatComesBackOnAnotherConnection) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    caller_.send("1", call_to("xqc"));
    const auto id = connector.next().id();
    connector.reconnect();
    EXPECT_EQ(words(connector.answer(id)), "RATE_LIMITED connector_unknown") << "no beat yet";
    EXPECT_EQ(words(connector.say("connector.beat")), "OK");
    EXPECT_EQ(words(connector.answer(id)), "OK");
    EXPECT_EQ(words(caller_.reply()), "OK");
}

TEST_F(CallAnswers, AreAnsweredOnlyByTheConnectorThatHasThem) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    PlayedConnector other(broker_.doors(), "chat-2", "forsen");
    caller_.send("1", call_to("xqc", "key"));
    const auto id = connector.next().id();
    EXPECT_EQ(words(other.answer(id)), "REJECTED call_unknown");
    v1::Reply outcome = ok();
    outcome.set_id(id);
    EXPECT_EQ(words(Asker(broker_.doors()).ask("connector.answer", outcome)),
              "RATE_LIMITED connector_unknown");
    EXPECT_EQ(words(connector.answer(id)), "OK");
    EXPECT_EQ(words(caller_.reply()), "OK");
    EXPECT_EQ(words(connector.answer(id)), "OK") << "said twice is confirmed twice";
    EXPECT_EQ(words(other.answer(id)), "REJECTED call_unknown");
}

TEST_F(CallAnswers, AreNotEndedByGarbage) {
    PlayedConnector connector(broker_.doors(), "chat-1");
    caller_.send("1", call_to("xqc"));
    const auto id = connector.next().id();
    for (const auto& wrong : {std::string(), "x" + id, id + "0", std::string(150, '1')}) {
        EXPECT_EQ(words(connector.answer(wrong)), "REJECTED call_unknown") << wrong.substr(0, 20);
    }
    v1::Request answer;
    answer.set_verb("connector.answer");
    EXPECT_EQ(words(connector.ask(answer)), "REJECTED payload_malformed");
    answer.mutable_payload()->set_value("\xff\xff");
    EXPECT_EQ(words(connector.ask(answer)), "REJECTED payload_malformed");
    EXPECT_EQ(words(connector.answer(id, v1::Reply::ACCEPTED)), "OK");
    EXPECT_EQ(caller_.status().handed_over(), 1u);
    EXPECT_EQ(words(connector.answer(id, v1::Reply::STATUS_UNSPECIFIED)), "OK");
    EXPECT_EQ(words(caller_.reply()), "UNKNOWN reply_malformed");
}

TEST(CallAnswersWithoutAJournal, HaveKeysForTheLifeOfTheBroker) {
    const BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"});
    PlayedConnector connector(broker.doors(), "chat-1");
    Caller caller(broker.doors());
    caller.send("1", call_to("xqc", "key"));
    EXPECT_EQ(words(connector.answer(connector.next().id())), "OK");
    EXPECT_EQ(words(caller.reply()), "OK");
    EXPECT_EQ(words(caller.call("2", call_to("xqc", "key"))), "OK");
    EXPECT_EQ(connector.waiting(), 0u);
}

}  // namespace
}  // namespace coven::broker
