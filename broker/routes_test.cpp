#include "routes.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using State = v1::Presence::State;

class RoutesTest : public testing::Test {
  protected:
    void hear(const std::string& instance, const std::vector<std::string>& targets,
              State state = v1::Presence::STATE_READY) {
        v1::ConnectorReady ready;
        ready.mutable_presence()->set_kind("chat");
        ready.mutable_presence()->set_instance(instance);
        ready.mutable_presence()->set_state(state);
        ready.add_verbs("chat.send");
        for (const auto& target : targets) ready.add_targets(target);
        routes_.hear(ready);
    }
    std::string who(const std::string& target, const std::string& verb = "chat.send") const {
        const auto name = routes_.answering(verb, target);
        return name ? name->instance : "nobody";
    }

    Routes routes_;
};

TEST_F(RoutesTest, AVerbIsAnsweredForTheTargetsThatWereNamed) {
    hear("chat-1", {"xqc"});
    EXPECT_EQ(who("xqc"), "chat-1");
    EXPECT_EQ(who("forsen"), "nobody");
    EXPECT_EQ(who("xqc", "chat.delete"), "nobody");
}

TEST_F(RoutesTest, AStarIsEveryTarget) {
    hear("chat-1", {"*"});
    EXPECT_EQ(who("xqc"), "chat-1");
    EXPECT_EQ(who(""), "chat-1");
}

TEST_F(RoutesTest, WhoNamesTheTargetComesBeforeWhoAnswersForAll) {
    hear("chat-1", {"xqc"});
    hear("chat-2", {"*"});
    EXPECT_EQ(who("xqc"), "chat-1");
    EXPECT_EQ(who("forsen"), "chat-2");
}

TEST_F(RoutesTest, ASecondReadyOneFencesTheFirstOff) {
    hear("chat-2", {"xqc", "forsen"});
    hear("chat-1", {"xqc"});
    EXPECT_EQ(who("xqc"), "chat-1");
    EXPECT_EQ(who("forsen"), "chat-2");
}

TEST_F(RoutesTest, ABeatOfTheFirstTakesNothingBack) {
    hear("chat-1", {"xqc"});
    hear("chat-2", {"xqc"});
    const auto version = routes_.version();
    hear("chat-1", {"xqc"});
    EXPECT_EQ(who("xqc"), "chat-2");
    EXPECT_EQ(routes_.version(), version);
    hear("chat-1", {"xqc", "forsen"});
    EXPECT_EQ(who("xqc"), "chat-2");
    EXPECT_EQ(who("forsen"), "chat-1");
    EXPECT_GT(routes_.version(), version);
}

TEST_F(RoutesTest, TheFirstAnswersAgainWhenTheSecondIsGone) {
    hear("chat-1", {"xqc"});
    hear("chat-2", {"xqc"});
    routes_.remove({"chat", "chat-2"});
    EXPECT_EQ(who("xqc"), "chat-1");
}

TEST_F(RoutesTest, WhoIsNotReadyAsAWholeAnswersWhatItSaysAndWhoLeavesDoesNot) {
    for (const auto state : {v1::Presence::STATE_STARTING, v1::Presence::STATE_DEGRADED,
                             v1::Presence::STATE_READY, v1::Presence::STATE_STARTING}) {
        hear("chat-1", {"xqc"}, state);
        EXPECT_EQ(who("xqc"), "chat-1") << state;
    }
    for (const auto state : {v1::Presence::STATE_DRAINING, v1::Presence::STATE_GONE,
                             v1::Presence::STATE_UNSPECIFIED}) {
        hear("chat-1", {"xqc"}, state);
        EXPECT_EQ(who("xqc"), "nobody") << state;
    }
}

TEST_F(RoutesTest, WhatIsNoLongerSaidIsNoLongerAnswered) {
    hear("chat-1", {"xqc", "forsen"});
    hear("chat-1", {"forsen"});
    EXPECT_EQ(who("xqc"), "nobody");
}

TEST_F(RoutesTest, SaysWhoAnswersWhat) {
    EXPECT_EQ(routes_.who_answers("chat.send"), "no connector answers anything: start one");
    hear("chat-1", {"xqc", "forsen"});
    hear("chat-2", {"*"});
    EXPECT_EQ(routes_.who_answers("chat.send"),
              "'chat.send' is answered by chat-1 for forsen, xqc, chat-2 for *");
    EXPECT_EQ(routes_.who_answers("chat.sent"), "nobody answers 'chat.sent', only chat.send");
}

TEST_F(RoutesTest, WhoIsOutOfReachAnswersWhenItIsHeardAgain) {
    hear("chat-1", {"*"});
    hear("chat-2", {"*"});
    routes_.lose_touch({"chat", "chat-2"});
    EXPECT_EQ(who("xqc"), "chat-1");
    routes_.lose_touch({"chat", "chat-1"});
    const auto version = routes_.version();
    routes_.lose_touch({"chat", "chat-1"});
    routes_.lose_touch({"chat", "chat-3"});
    EXPECT_EQ(routes_.version(), version);
    EXPECT_EQ(who("xqc"), "nobody");
    EXPECT_EQ(
        routes_.who_answers("chat.send"),
        "'chat.send' is answered by chat-1 for * (out of reach), chat-2 for * (out of reach)");
    hear("chat-2", {"*"}, v1::Presence::STATE_DEGRADED);
    EXPECT_EQ(who("xqc"), "chat-2") << "it goes on with what it had said";
    hear("chat-1", {"*"});
    EXPECT_EQ(who("xqc"), "chat-2") << "nor is it older than before";
}

TEST_F(RoutesTest, SaysItInAFewLines) {
    std::vector<std::string> targets;
    targets.reserve(1000);
    for (int i = 0; i < 1000; ++i) targets.push_back("channel-" + std::to_string(i));
    for (int i = 0; i < 100; ++i) hear("chat-" + std::to_string(i), targets);
    EXPECT_LT(routes_.who_answers("chat.send").size(), 400u);
    EXPECT_NE(routes_.who_answers("chat.send").find("…"), std::string::npos);
}

}  // namespace
}  // namespace coven::broker
