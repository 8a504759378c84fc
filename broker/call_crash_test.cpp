// Commands with keys while the broker is killed, or the connector vanishes, at each stage of a call
// (G9): nothing is carried out twice, and what the key says afterwards is true.

#include <iostream>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "call_players_for_test.hpp"

namespace coven::broker {
namespace {

constexpr int seeds = 4;
/// Fewer than a connector takes at once, so that all can be handed over.
constexpr int calls_per_round = 12;

/// How far a round gets before the crash.
enum class Stage { sent, handed_over, answered, confirmed };
constexpr std::array<const char*, 4> stage_names = {"sent", "handed over", "answered", "confirmed"};

/// Callers, a connector and what is known about each call.
class Scene {
  public:
    explicit Scene(std::vector<std::string> flags)
        : broker_(Transport::ipc, std::move(flags)),
          caller_(std::make_unique<Caller>(broker_.doors())),
          connector_(std::make_unique<PlayedConnector>(broker_.doors(), "chat-1")) {}

    /// Begins calls with new keys and gets some of them as far as `stage`. How many have not ended.
    int begin_round(Stage stage, std::mt19937& random);
    void crash_broker();
    void crash_connector();
    /// Asks for each key until all have an answer.
    void ask_again();

    int twice() const { return twice_; }
    int untrue() const { return untrue_; }
    int unknown() const { return unknown_; }

  private:
    struct Call {
        int carried_out = 0;
        /// The call's id, while its answer is not confirmed.
        std::string unconfirmed;
        /// Its caller was told so, or its connector that this is kept.
        bool is_ok = false;
    };

    void send_all();
    /// Carries out the next command; it is answered later.
    void carry_out();
    void answer(Call& call);
    void hear(const v1::Reply& reply);

    BrokerProcess broker_;
    std::unique_ptr<Caller> caller_;
    std::unique_ptr<PlayedConnector> connector_;
    int round_ = 0;
    std::map<std::string, Call> calls_;
    int twice_ = 0;
    int untrue_ = 0;
    int unknown_ = 0;
};

void Scene::send_all() {
    for (int i = 0; i < calls_per_round; ++i) {
        const auto key = std::to_string(round_) + "-" + std::to_string(i);
        calls_.try_emplace(key);
        caller_->send(key, call_to("xqc", key, key));
    }
}

void Scene::carry_out() {
    const auto command = connector_->next();
    auto& call = calls_[command.payload().value()];
    if (++call.carried_out > 1) ++twice_;
    call.unconfirmed = command.id();
}

void Scene::answer(Call& call) {
    const auto reply = connector_->answer(call.unconfirmed);
    if (reply.status() != v1::Reply::OK) ++untrue_;
    call.unconfirmed.clear();
    call.is_ok = true;
}

void Scene::hear(const v1::Reply& reply) {
    auto& call = calls_[reply.id()];
    const bool said_ok = reply.status() == v1::Reply::OK;
    const bool said_unknown = reply.status() == v1::Reply::UNKNOWN;
    if (said_unknown) ++unknown_;
    // What was OK once is so for ever; what was not carried out cannot be.
    const bool untrue = (call.is_ok && !said_ok) || (said_ok && call.carried_out == 0);
    if (untrue || (!said_ok && !said_unknown)) ++untrue_;
    call.is_ok = call.is_ok || said_ok;
}

int Scene::begin_round(Stage stage, std::mt19937& random) {
    ++round_;
    calls_.clear();
    send_all();
    if (stage == Stage::sent) {
        // Some are stored by then, and some of those are on their way to the connector.
        const int turns = std::uniform_int_distribution<int>(0, 3)(random);
        for (int i = 0; i < turns; ++i) connector_->waiting();
        return calls_per_round;
    }
    const int handed_over = std::uniform_int_distribution<int>(1, calls_per_round - 1)(random);
    for (int i = 0; i < handed_over; ++i) carry_out();
    if (stage == Stage::handed_over) return calls_per_round;
    int to_answer = std::uniform_int_distribution<int>(1, handed_over)(random);
    int ended = 0;
    for (auto& [key, call] : calls_) {
        if (call.unconfirmed.empty() || to_answer-- <= 0) continue;
        if (stage == Stage::answered) {
            connector_->send_answer(call.unconfirmed);
            continue;
        }
        answer(call);
        hear(caller_->reply());
        ++ended;
    }
    return calls_per_round - ended;
}

void Scene::crash_broker() {
    broker_.kill();
    broker_.start();
    caller_ = std::make_unique<Caller>(broker_.doors());
    connector_->reconnect();
    connector_->say("connector.beat");
    for (auto& [key, call] : calls_) {
        if (!call.unconfirmed.empty()) answer(call);
    }
}

void Scene::crash_connector() {
    connector_.reset();
    connector_ = std::make_unique<PlayedConnector>(broker_.doors(), "chat-1");
    for (auto& [key, call] : calls_) call.unconfirmed.clear();
    // The answers that are on their way to the old one's callers.
    caller_ = std::make_unique<Caller>(broker_.doors());
}

void Scene::ask_again() {
    send_all();
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    for (int heard = 0; heard < calls_per_round;) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "a call has no answer";
        while (connector_->waiting() > 0) carry_out();
        for (auto& [key, call] : calls_) {
            if (!call.unconfirmed.empty()) answer(call);
        }
        while (const auto reply = caller_->reply_that_is_there()) {
            hear(*reply);
            ++heard;
        }
    }
}

using Crash = void (Scene::*)();

/// Fails when nothing was under way.
void run(Scene& scene, Crash crash) {
    for (int seed = 0; seed < seeds; ++seed) {
        std::mt19937 random(static_cast<unsigned int>(seed));
        for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
            const int under_way = scene.begin_round(static_cast<Stage>(stage), random);
            ASSERT_GT(under_way, 0);
            (scene.*crash)();
            const int before = scene.unknown();
            scene.ask_again();
            std::cout << "seed " << seed << ", " << stage_names.at(stage) << ": " << under_way
                      << " calls under way, " << scene.unknown() - before << " unknown\n";
        }
    }
}

TEST(CallCrash, OfTheBrokerMakesNothingHappenTwice) {
    Scene scene({});
    run(scene, &Scene::crash_broker);
    EXPECT_EQ(scene.twice(), 0);
    EXPECT_EQ(scene.untrue(), 0);
}

TEST(CallCrash, OfTheConnectorMakesNothingHappenTwice) {
    Scene scene({});
    run(scene, &Scene::crash_connector);
    EXPECT_EQ(scene.twice(), 0);
    EXPECT_EQ(scene.untrue(), 0);
    EXPECT_GT(scene.unknown(), 0);
}

/// The negative twin: without a journal the same check must see that calls are carried out twice.
TEST(CallCrash, OfABrokerWithoutAJournalIsSeen) {
    Scene scene({"--journal-durability", "off"});
    run(scene, &Scene::crash_broker);
    EXPECT_GT(scene.twice(), 0);
}

}  // namespace
}  // namespace coven::broker
