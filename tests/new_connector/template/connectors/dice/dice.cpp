#include <random>

#include "coven/connector.hpp"
#include "coven/topic.hpp"
#include "example/v1/roll.pb.h"

namespace {

/// Rolls a die again and again and says what came up.
class Dice final : public coven::Connector {
  public:
    explicit Dice(coven::Duration pause) : pause_(pause) {}

    boost::asio::awaitable<void> run(coven::Bus& bus) override {
        const auto topic = coven::Topic::parse("example.dice.table.rolled").value();
        bus.report(coven::v1::Presence::STATE_READY, "");
        for (;;) {
            auto event = roll();
            if (bus.publish(topic, event) == coven::Published::outbox_full) co_await bus.room();
            co_await bus.clock().sleep(pause_);
        }
    }

  private:
    coven::v1::Event roll() {
        example::v1::Roll roll;
        roll.set_eyes(eyes_(chance_));
        coven::v1::Event event;
        event.set_type("example.dice.rolled");
        event.mutable_proto_data()->PackFrom(roll);
        return event;
    }

    coven::Duration pause_;
    std::random_device chance_;
    std::uniform_int_distribution<unsigned> eyes_{1, 6};
};

}  // namespace

coven::Manifest coven::manifest() {
    return {
        .kind = "dice",
        .summary = "rolls a die again and again",
        .topics = {{"example.dice.table.rolled", "example.v1.Roll", "a die came to rest"}},
        .verbs = {},
        .scopes = {},
        .settings = {{"dice.pause", Setting::Kind::duration, "1s", "time between two rolls"}},
    };
}

coven::Result<std::unique_ptr<coven::Connector>> coven::make_connector(const Config& config) {
    return std::make_unique<Dice>(config.duration("dice.pause"));
}
