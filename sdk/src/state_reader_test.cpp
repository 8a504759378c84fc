// States first, with the real broker.

#include <map>

#include "reading_for_test.hpp"

namespace coven {
namespace {

using Texts = std::vector<std::string>;

constexpr std::uint64_t state = v1::EVENT_FLAG_STATE;
constexpr std::uint64_t state_over = v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER;

class StateReading : public Reading {};

TEST_F(StateReading, BeginsWithTheStatesAndGoesOnLive) {
    publish("a.b", "b old", state);
    publish("a.b", "b", state);
    publish("a.c", "c", state);
    publish("a.d", "d", state);
    publish("a.d", "d is over", state_over);
    publish("a.e", "no state");
    publish("x.y", "elsewhere", state);
    flush();
    auto events = reader_.subscribe("a.>", From::state());
    EXPECT_EQ(texts(events, 2), (Texts{"b", "c"}));
    publish("a.c", "c anew", state);
    publish("a.e", "no state either");
    EXPECT_EQ(texts(events, 2), (Texts{"c anew", "no state either"}));
}

TEST_F(StateReading, HasTheNewestStatesAfterACrashOfTheBroker) {
    publish("a.b", "b", state);
    auto events = reader_.subscribe("a.>", From::state());
    EXPECT_EQ(texts(events, 1), Texts{"b"});
    flush();
    broker_.kill();
    publish("a.b", "b anew", state);
    publish("a.c", "c", state);
    broker_.start();
    flush();
    std::map<std::string, std::string> newest;
    int losses = 0;
    while (newest["a.b"] != "b anew" || newest["a.c"] != "c") {
        const auto event = take(events, 1).front();
        if (event.lost()) ++losses;
        newest[event.topic()] = text_of(event);
    }
    EXPECT_GE(losses, 1) << "it is told that the broker began anew";
}

/// The fold of all state events that a reader got.
class Fold {
  public:
    void take(const Event& event) {
        if (event.message().flags() == state) states_[event.topic()] = event.message().text_data();
        if (event.message().flags() == state_over) states_.erase(event.topic());
    }
    const std::map<std::string, std::string>& states() const { return states_; }

  private:
    std::map<std::string, std::string> states_;
};

TEST_F(StateReading, EqualsTheFoldOfAllThatHappenedWhileStatesChange) {
    constexpr int topics = 3000;
    constexpr int changes = 30'000;
    auto all = reader_.subscribe("a.*", From::first());
    Fold expected;
    Fold found;
    std::optional<Subscription> events;
    for (int i = 0; i < changes; ++i) {
        const auto where = "a.t" + std::to_string(i * 7919 % topics);
        publish(where, std::to_string(i), i % 10 == 3 ? state_over : state);
        if (i != changes / 2) continue;
        // In the middle of it, so that pages and live events overlap; the end must be live.
        events.emplace(reader_.subscribe("a.*", From::state()));
        run(events->ready());
    }
    publish("a.end", "end");
    for (std::string text; text != "end";) {
        const auto event = take(all, 1).front();
        text = text_of(event);
        expected.take(event);
    }
    for (std::string text; text != "end";) {
        const auto event = take(*events, 1).front();
        ASSERT_FALSE(event.lost());
        text = text_of(event);
        found.take(event);
    }
    EXPECT_EQ(found.states(), expected.states());
}

}  // namespace
}  // namespace coven
