#include "plan.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "addresses.hpp"
#include "up_banner.hpp"

namespace coven::cli {
namespace {

using Words = std::vector<std::string>;

bool has(const Words& words, const std::string& wanted) {
    return std::find(words.begin(), words.end(), wanted) != words.end();
}

Surroundings surroundings() {
    Surroundings all;
    all.doors = {"tcp://0.0.0.0:1", "tcp://*:2", "ipc:///r"};
    all.broker_program = "/bin/coven-broker";
    all.config_file = "coven.toml";
    all.log_format = "human";
    return all;
}

Wanted chat(std::size_t instances, Words channels) {
    return {"chat", Wanted::Origin::ours, {"/bin/coven-chat"}, instances, std::move(channels)};
}

TEST(Plan, TellsTheBrokerWhereToListenAndTheOthersHowToGetThere) {
    const auto broker = plan_broker(surroundings());
    EXPECT_EQ(broker.command, (Words{"/bin/coven-broker", "--config", "coven.toml", "--log.format",
                                     "human", "--bus.publish", "tcp://0.0.0.0:1", "--bus.subscribe",
                                     "tcp://*:2", "--bus.request", "ipc:///r"}));
    EXPECT_EQ(broker.first_start, Program::FirstStart::decisive);
    const auto planned = plan_connectors({chat(1, {"a"})}, surroundings());
    ASSERT_EQ(planned.size(), 1u);
    EXPECT_EQ(planned[0].program.command,
              (Words{"/bin/coven-chat", "--instance", "chat-1", "--config", "coven.toml",
                     "--log.format", "human", "--bus.publish", "tcp://127.0.0.1:1",
                     "--bus.subscribe", "tcp://127.0.0.1:2", "--bus.request", "ipc:///r"}));
    EXPECT_GT(planned[0].program.tier, broker.tier);
}

TEST(Plan, LeavesItToTheInstancesToShareTheChannels) {
    const auto planned = plan_connectors({chat(2, {"a", "b"})}, surroundings());
    ASSERT_EQ(planned.size(), 2u);
    EXPECT_EQ(planned[1].program.name, "chat-2");
    for (const auto& each : planned) {
        EXPECT_EQ(*each.channels, (Words{"a", "b"}));
        EXPECT_FALSE(has(each.program.command, "--chat.channels=a,b"));
    }
}

TEST(Plan, TellsChannelsThatStandInNoConfiguration) {
    auto told = surroundings();
    told.channels = Surroundings::Channels::told;
    for (const auto& each : plan_connectors({chat(2, {"a", "b"})}, told)) {
        EXPECT_TRUE(has(each.program.command, "--chat.channels=a,b"));
    }
}

TEST(Plan, GivesAForeignProgramTheBusByItsEnvironment) {
    Wanted mine{"mine", Wanted::Origin::foreign, {"/bin/sh", "-c", "x"}, 2, std::nullopt};
    const auto planned = plan_connectors({mine}, surroundings());
    ASSERT_EQ(planned.size(), 2u);
    const auto& program = planned[1].program;
    EXPECT_EQ(program.command, (Words{"/bin/sh", "-c", "x"}));
    EXPECT_EQ(program.environment.at("COVEN_INSTANCE"), "mine-2");
    EXPECT_EQ(program.environment.at("COVEN_BUS_PUBLISH"), "tcp://127.0.0.1:1");
    EXPECT_EQ(program.environment.at("COVEN_BUS_SUBSCRIBE"), "tcp://127.0.0.1:2");
    EXPECT_EQ(program.environment.at("COVEN_BUS_REQUEST"), "ipc:///r");
    EXPECT_TRUE(program.environment.at("COVEN_CONFIG").ends_with("/coven.toml"));
    EXPECT_EQ(program.readiness, Program::Readiness::runs);
}

TEST(Plan, GivesEachProgramAPortOfItsOwnWhereOneIsConfigured) {
    auto one_port = surroundings();
    one_port.metrics_listen = "0.0.0.0:9464";
    Wanted mine{"mine", Wanted::Origin::foreign, {"/bin/sh"}, 1, std::nullopt};
    EXPECT_TRUE(has(plan_broker(one_port).command, "0.0.0.0:9464"));
    const auto planned = plan_connectors({chat(2, {"a"}), mine}, one_port);
    ASSERT_EQ(planned.size(), 3u);
    EXPECT_TRUE(has(planned[0].program.command, "0.0.0.0:9465"));
    EXPECT_TRUE(has(planned[1].program.command, "0.0.0.0:9466"));
    EXPECT_EQ(planned[2].program.environment.at("COVEN_METRICS_LISTEN"), "0.0.0.0:9467");
}

TEST(Plan, LeavesMetricsAloneWhereNoPortIsConfigured) {
    for (const char* configured : {"", "off", "127.0.0.1:0", "127.0.0.1:x", "127.0.0.1:65535"}) {
        EXPECT_EQ(metrics_listen(configured, 1), std::nullopt) << configured;
    }
    EXPECT_EQ(metrics_listen("[::1]:9464", 2), "[::1]:9466");
}

class UpBanner : public ::testing::Test {
  protected:
    std::string text(const std::vector<Wanted>& wanted) {
        std::string all;
        for (const auto& line : banner_lines(banner_, plan_connectors(wanted, surroundings()))) {
            all += line + "\n";
        }
        return all;
    }

    Banner banner_{"bin/coven", "", {}, {}};
};

TEST_F(UpBanner, SaysWhatRunsAndWhatToTypeNext) {
    EXPECT_EQ(text({chat(1, {"xqc"})}),
              "events in tcp://127.0.0.1:5555, out tcp://127.0.0.1:5556, requests "
              "tcp://127.0.0.1:5557\n"
              "chat-1: xqc\n"
              "now in another terminal: bin/coven tail 'twitch.chat.>'\n"
              "Ctrl-C ends all of it\n");
}

TEST_F(UpBanner, SaysHowToNameAChannelWhereThereIsNone) {
    EXPECT_NE(text({chat(1, {})}).find("chat-1: no channel\nno channels yet: coven up --channel"),
              std::string::npos);
}

TEST_F(UpBanner, NamesAFewChannelsAndCountsTheRest) {
    Words channels;
    for (char name = 'a'; name < 'm'; ++name) channels.emplace_back(1, name);
    EXPECT_NE(text({chat(1, channels)}).find("a, b, c, d, e, f, g, h and 4 more"),
              std::string::npos);
}

TEST_F(UpBanner, LeadsToDoorsThatAreNotTheUsualOnes) {
    banner_.doors = {"ipc://p", "ipc://s", "ipc://r"};
    banner_.config_file = "coven.toml";
    EXPECT_NE(text({}).find("bin/coven tail --subscribe ipc://s --request ipc://r 'twitch"),
              std::string::npos);
    banner_.configured = banner_.doors;
    EXPECT_NE(text({}).find("bin/coven tail -c coven.toml 'twitch"), std::string::npos);
}

}  // namespace
}  // namespace coven::cli
