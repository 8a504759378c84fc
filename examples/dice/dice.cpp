#include <algorithm>
#include <random>

#include <google/protobuf/struct.pb.h>

#include "coven/command.hpp"
#include "coven/connector.hpp"
#include "coven/log.hpp"
#include "coven/topic.hpp"

namespace {

using boost::asio::awaitable;
using google::protobuf::Struct;

constexpr double most_sides = 1000;
constexpr double most_times = 100;

/// Answers dice.roll, and tells everybody what came up.
class Dice final : public coven::Connector {
  public:
    explicit Dice(coven::Duration roll_time) : roll_time_(roll_time) {}

    awaitable<void> run(coven::Bus& bus) override {
        const coven::Answerer roll = [this, &bus](coven::v1::Request call) {
            return answer(bus, std::move(call));
        };
        bus.report(coven::v1::Presence::STATE_READY, "");
        co_await bus.answer("dice.roll", roll);
    }

  private:
    awaitable<coven::v1::Reply> answer(coven::Bus& bus, coven::v1::Request call) {
        const auto wish = coven::payload_as<Struct>(call);
        if (!wish) co_return coven::wrong_payload<Struct>();
        const double sides = number(*wish, "sides");
        const double times = number(*wish, "times");
        if (!(sides >= 1 && sides <= most_sides && times >= 0 && times <= most_times)) {
            co_return coven::rejection("roll_impossible",
                                       "sides must be 1 to 1000, times at most 100");
        }
        coven::log::info("rolling", {{"call", call.id()}});
        // Other calls are answered meanwhile.
        co_await bus.clock().sleep(roll_time_);
        const auto eyes = roll(static_cast<int>(sides), std::max(1, static_cast<int>(times)));
        co_await tell_everybody(bus, call.id(), eyes);
        co_return coven::reply_with(eyes);
    }

    /// 0 where it is missing, or no number.
    static double number(const Struct& wish, const std::string& name) {
        const auto found = wish.fields().find(name);
        return found == wish.fields().end() ? 0 : found->second.number_value();
    }

    Struct roll(int sides, int times) {
        std::uniform_int_distribution<int> die(1, sides);
        Struct rolled;
        auto& eyes = *(*rolled.mutable_fields())["eyes"].mutable_list_value();
        for (int i = 0; i < times; ++i) eyes.add_values()->set_number_value(die(chance_));
        return rolled;
    }

    awaitable<void> tell_everybody(coven::Bus& bus, std::string call_id, const Struct& eyes) {
        const auto topic = coven::Topic::parse("example.dice.-.rolled").value();
        coven::v1::Event event;
        event.set_id(std::move(call_id));
        event.set_type("example.dice.rolled");
        event.mutable_proto_data()->PackFrom(eyes);
        while (bus.publish(topic, event) == coven::Published::outbox_full) co_await bus.room();
    }

    coven::Duration roll_time_;
    std::random_device chance_;
};

}  // namespace

coven::Manifest coven::manifest() {
    return {
        .kind = "dice",
        .summary = "rolls dice for whoever asks",
        .topics = {{"example.dice.-.rolled", "google.protobuf.Struct", "dice came to rest"}},
        .verbs = {"dice.roll"},
        .settings = {{"dice.roll_time", Setting::Kind::duration, "0s", "how long dice roll"}},
    };
}

coven::Result<std::unique_ptr<coven::Connector>> coven::make_connector(const Config& config) {
    return std::make_unique<Dice>(config.duration("dice.roll_time"));
}
