// The real `coven` against a real broker.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "coven/bus.hpp"
#include "coven/temp_folder.hpp"
#include "coven_testing/test_bus.hpp"
#include "running_program.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::cli {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

/// For any run of the program.
constexpr auto deadline = 30s;
/// Between two events of the publisher.
constexpr auto pace = 2ms;

const std::string coven_program = program_folder() + "/coven";

Variables environment_for(const Endpoints& endpoints) {
    return {{"COVEN_BUS_PUBLISH", endpoints.publish},
            {"COVEN_BUS_SUBSCRIBE", endpoints.subscribe},
            {"COVEN_BUS_REQUEST", endpoints.request},
            {"NO_COLOR", ""},
            {"CLICOLOR_FORCE", ""},
            {"TZ", "UTC"}};
}

using Running = RunningProgram;

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

v1::Event chat_event(std::uint64_t number) {
    twitch::v1::ChatMessage line;
    line.set_user_login("forsen");
    line.set_text("line " + std::to_string(number) + " \x1b[2J");
    v1::Event event;
    event.set_type("tv.twitch.chat.message");
    event.set_channel_login("xqc");
    event.set_occurred_us(1795340459000000 + number);
    event.set_raw("raw " + std::to_string(number));
    event.mutable_proto_data()->PackFrom(line);
    return event;
}

/// Publishes until `running` has ended; interrupts it once it has shown `enough_lines`.
asio::awaitable<void> publish_while(Bus& bus, Running& running, std::size_t enough_lines) {
    const auto topic = Topic::parse("twitch.chat.xqc.message").value();
    for (std::uint64_t number = 1; running.runs(); ++number) {
        auto event = chat_event(number);
        EXPECT_EQ(bus.publish(topic, event), Published::queued);
        if (lines_in(running.out) >= enough_lines) running.interrupt();
        co_await bus.clock().sleep(pace);
    }
}

constexpr std::size_t never_interrupt = 1u << 20;

/// Runs the program while somebody publishes chat.
Running run_with_chat(const Endpoints& endpoints, Words command, const Variables& added = {},
                      std::size_t enough_lines = never_interrupt) {
    auto environment = environment_for(endpoints);
    for (const auto& [name, value] : added) environment[name] = value;
    asio::io_context io{1};
    SystemClock clock;
    Bus bus(io, endpoints, clock, {});
    Running running(std::move(command), std::move(environment));
    auto job =
        within(clock, deadline, "end of the program", publish_while(bus, running, enough_lines));
    asio::co_spawn(io, std::move(job), [&](const std::exception_ptr& failure) {
        EXPECT_FALSE(failure) << running.out << running.err;
        bus.close();
    });
    io.run();
    return running;
}

/// Runs the program alone.
Running run_alone(const Endpoints& endpoints, Words command) {
    Running running(std::move(command), environment_for(endpoints));
    asio::io_context io{1};
    SystemClock clock;
    const auto wait = [](Clock& given, Running& program) -> asio::awaitable<void> {
        while (program.runs()) co_await given.sleep(pace);
    };
    auto job = within(clock, deadline, "end of the program", wait(clock, running));
    asio::co_spawn(io, std::move(job), [&](const std::exception_ptr& failure) {
        EXPECT_FALSE(failure) << running.out << running.err;
    });
    io.run();
    return running;
}

class CovenProgram : public ::testing::Test {
  protected:
    const testing::TestBus bus_;
    const Endpoints& doors_ = bus_.endpoints();
};

TEST_F(CovenProgram, TailPrintsJsonLinesIntoAPipeAndEndsAfterItsCount) {
    auto tail = run_with_chat(doors_, {coven_program, "tail", "twitch.chat.>", "--count", "3"});
    EXPECT_EQ(tail.status(), 0) << tail.err;
    EXPECT_EQ(lines_in(tail.out), 3u) << tail.out;
    EXPECT_EQ(tail.out.find(R"({"topic":"twitch.chat.xqc.message","id":")"), 0u) << tail.out;
    EXPECT_EQ(tail.out.find('\x1b'), std::string::npos) << tail.out;
    EXPECT_EQ(tail.err, "");
}

TEST_F(CovenProgram, TailPrintsLinesForPeopleWhenAskedWithAndWithoutColour) {
    const Words command = {coven_program, "tail", "twitch.chat.>", "--human", "--count", "1"};
    auto plain = run_with_chat(doors_, command);
    EXPECT_EQ(plain.out.find("09:40:59 #xqc forsen: line "), 0u) << plain.out;
    EXPECT_NE(plain.out.find("\\u{1b}[2J"), std::string::npos) << plain.out;
    auto coloured = run_with_chat(doors_, command, {{"CLICOLOR_FORCE", "1"}});
    EXPECT_NE(coloured.out.find("\x1b[1;38;"), std::string::npos) << coloured.out;
    EXPECT_EQ(coloured.out.find("\x1b[2J"), std::string::npos) << coloured.out;
    auto refused = run_with_chat(doors_, command, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}});
    EXPECT_EQ(refused.out.find('\x1b'), std::string::npos) << refused.out;
}

TEST_F(CovenProgram, TailPrintsWhatTwitchSentWhenAskedForTheRawLine) {
    auto tail = run_with_chat(doors_, {coven_program, "tail", "twitch.>", "--raw", "--count", "1"});
    EXPECT_EQ(tail.out.find("raw "), 0u) << tail.out;
}

TEST_F(CovenProgram, TailEndsWithoutAWordWhenItsReaderIsGone) {
    const Words command = {
        "/bin/bash", "-c",
        "set -o pipefail; '" + coven_program + "' tail 'twitch.chat.>' | head -1"};
    auto pipeline = run_with_chat(doors_, command);
    EXPECT_EQ(pipeline.status(), 0);
    EXPECT_EQ(lines_in(pipeline.out), 1u) << pipeline.out;
    EXPECT_EQ(pipeline.err, "");
}

TEST_F(CovenProgram, TailEndsOnCtrlCWithATally) {
    auto tail = run_with_chat(doors_, {coven_program, "tail", "twitch.chat.>"}, {}, 2);
    EXPECT_EQ(tail.status(), 130);
    EXPECT_NE(tail.err.find("events received"), std::string::npos) << tail.err;
    EXPECT_EQ(lines_in(tail.err), 1u) << tail.err;
}

TEST_F(CovenProgram, TailSays27WhenItsCountDoesNotComeInTime) {
    auto tail =
        run_alone(doors_, {coven_program, "tail", "a.>", "--count", "1", "--wait", "100ms"});
    EXPECT_EQ(tail.status(), 27);
    EXPECT_EQ(tail.out, "");
    EXPECT_NE(tail.err.find("0 events received"), std::string::npos) << tail.err;
}

TEST_F(CovenProgram, TailEndsWellWhenItsTimeIsOver) {
    auto tail = run_alone(doors_, {coven_program, "tail", "a.>", "--for", "100ms"});
    EXPECT_EQ(tail.status(), 0);
    EXPECT_EQ(tail.out + tail.err, "");
}

/// The words of chat in lines of JSON.
std::string numbers_in(const std::string& lines) {
    std::string numbers;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        const auto at = line.find(R"("text":"line )");
        const auto number = line.substr(at + 13);
        numbers += number.substr(0, number.find(' ')) + " ";
    }
    return numbers;
}

TEST_F(CovenProgram, TailBeginsInThePastWhenAsked) {
    run_with_chat(doors_, {coven_program, "tail", "twitch.chat.>", "--count", "5"});
    for (const Words& from : {Words{"--from-start"}, Words{"--since", "1h"}}) {
        Words command = {coven_program, "tail", "twitch.chat.>", "--json", "--count", "4"};
        command.insert(command.end(), from.begin(), from.end());
        auto tail = run_alone(doors_, command);
        EXPECT_EQ(tail.status(), 0) << tail.err;
        EXPECT_EQ(numbers_in(tail.out), "1 2 3 4 ") << tail.out;
    }
}

TEST_F(CovenProgram, TailGoesOnWhereItsNameEnded) {
    run_with_chat(doors_, {coven_program, "tail", "twitch.chat.>", "--count", "5"});
    const Words command = {coven_program, "tail",   "twitch.chat.>", "--json",
                           "--name",      "logger", "--from-start",  "--count"};
    auto first = command;
    first.push_back("2");
    EXPECT_EQ(numbers_in(run_alone(doors_, first).out), "1 2 ");
    auto second = command;
    second.push_back("3");
    EXPECT_EQ(numbers_in(run_alone(doors_, second).out), "3 4 5 ");
}

TEST_F(CovenProgram, PlaysAgainWhatItHasRecorded) {
    run_with_chat(doors_, {coven_program, "tail", "twitch.chat.>", "--count", "5"});
    const TempFolder folder;
    const auto file = folder.file("evening.coven");
    const Words command = {coven_program, "record", file,    "twitch.chat.>",
                           "--since",     "1h",     "--for", "1s"};
    auto record = run_alone(doors_, command);
    EXPECT_EQ(record.status(), 0) << record.err;
    EXPECT_EQ(run_alone(doors_, command).status(), 2) << "the file is there";
    const testing::TestBus other;
    auto play = run_alone(other.endpoints(), {coven_program, "play", file, "--rate", "max"});
    EXPECT_EQ(play.status(), 0) << play.err;
    auto tail = run_alone(other.endpoints(), {coven_program, "tail", "twitch.>", "--from-start",
                                              "--json", "--count", "4"});
    EXPECT_EQ(numbers_in(tail.out), "1 2 3 4 ") << tail.out;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
    auto damaged = run_alone(other.endpoints(), {coven_program, "play", file, "--rate", "max"});
    EXPECT_EQ(damaged.status(), 1);
    EXPECT_NE(damaged.err.find("it ends within an event"), std::string::npos) << damaged.err;
}

TEST_F(CovenProgram, TailShowsTheStatesFirst) {
    auto tail = run_alone(doors_, {coven_program, "tail", "bus.>", "--state", "--for", "300ms"});
    EXPECT_EQ(tail.status(), 0) << tail.err;
}

TEST_F(CovenProgram, JournalPurgeForgetsAUserAndTailSaysSo) {
    run_with_chat(doors_, {coven_program, "tail", "twitch.chat.>", "--count", "5"});
    const Words purge = {coven_program, "journal", "purge", "--user", "Forsen", "--yes"};
    auto purged = run_alone(doors_, purge);
    EXPECT_EQ(purged.status(), 0) << purged.err;
    EXPECT_NE(purged.out.find(" events forgotten, offsets "), std::string::npos) << purged.out;
    auto again = run_alone(doors_, purge);
    EXPECT_EQ(again.status(), 0) << again.err;
    EXPECT_EQ(again.out, "no events of this user are stored\n");
    auto tail = run_alone(
        doors_, {coven_program, "tail", "twitch.>", "--from-start", "--json", "--for", "500ms"});
    EXPECT_EQ(tail.out.find(R"({"truncated":{"reason":"purged","family":"chat")"), 0u) << tail.out;
    EXPECT_EQ(lines_in(tail.out), 1u) << "a row of them is one range";
}

TEST_F(CovenProgram, JournalPurgeOfNobodyForgetsNothing) {
    auto json =
        run_alone(doors_, {coven_program, "journal", "purge", "--user", "4711", "--yes", "--json"});
    EXPECT_EQ(json.status(), 0) << json.err;
    EXPECT_NE(json.out.find(R"("events":"0")"), std::string::npos) << json.out;
    auto refused = run_alone(doors_, {coven_program, "journal", "purge", "--user", "a b", "--yes"});
    EXPECT_EQ(refused.status(), 1);
    EXPECT_NE(refused.err.find("user_login is no login of Twitch: 'a b'"), std::string::npos)
        << refused.err;
}

TEST(CovenWithoutAJournal, PurgeSaysThatThereIsNothingToPurge) {
    const testing::TestBus bus({"--journal-durability", "off"});
    auto purge = run_alone(bus.endpoints(),
                           {coven_program, "journal", "purge", "--user", "forsen", "--yes"});
    EXPECT_EQ(purge.status(), 1);
    EXPECT_NE(purge.err.find("'journal.purge' needs a journal"), std::string::npos) << purge.err;
}

TEST(CovenWithoutAJournal, TailSaysThatThereIsNoPast) {
    const testing::TestBus bus({"--journal-durability", "off"});
    auto tail = run_alone(bus.endpoints(), {coven_program, "tail", "a.>", "--from-start"});
    EXPECT_EQ(tail.status(), 1);
    EXPECT_NE(tail.err.find("'history.read' needs a journal"), std::string::npos) << tail.err;
}

TEST_F(CovenProgram, RefusesWhatItCannotUnderstandWithStatusTwo) {
    const std::vector<std::pair<Words, std::string>> rows = {
        {{"tail", "twitch..chat"}, "pattern has an empty word: 'twitch..chat'"},
        {{"tail", "a\x1b[2J.b"}, "'a\\u{1b}[2J.b'"},
        {{"tail", "a", "--wait", "1s"}, "--wait needs --count"},
        {{"tail", "a", "--count", "0"}, "--count is at least 1"},
        {{"tail", "a", "--since", "1m", "--state"}, "--since and --state exclude each other"},
        {{"tail", "a", "--since", "1m", "--name", "x"}, "--since and --name exclude each other"},
        {{"tail", "a", "--name", "My Log"}, "--name has a character outside of a-z"},
        {{"tail", "a", "--subscribe", "nonsense"}, "subscribe is no address"},
        {{"tail", "a", "--config", "/nowhere.toml"}, "/nowhere.toml"},
        {{"topics", "twitch..*"}, "pattern has an empty word: 'twitch..*'"},
        {{"channels", "x>"}, "it is how the names begin: 'x' instead of 'x>'"},
        {{"journal", "purge"}, "--user LOGIN|ID is missing"},
        {{"journal", "purge", "--user", ""}, "--user LOGIN|ID is missing"},
        {{"journal", "purge", "--user", "x"}, "there is nobody to ask: say --yes"},
        {{"status", "--request", "tcp://localhost"}, "request is no address"},
    };
    for (const auto& [words, reason] : rows) {
        Words command = {coven_program};
        command.insert(command.end(), words.begin(), words.end());
        auto refused = run_alone(doors_, command);
        EXPECT_EQ(refused.status(), 2) << reason;
        EXPECT_NE(refused.err.find(reason), std::string::npos) << refused.err;
        EXPECT_EQ(refused.out, "");
    }
}

TEST_F(CovenProgram, StatusShowsTheBroker) {
    auto page = run_alone(doors_, {coven_program, "status"});
    EXPECT_EQ(page.status(), 0) << page.err;
    for (const char* part :
         {"broker       version ", "epoch ", "channels     none", "no connectors"}) {
        EXPECT_NE(page.out.find(part), std::string::npos) << page.out;
    }
    auto json = run_alone(doors_, {coven_program, "status", "--json"});
    EXPECT_EQ(json.out.find(R"({"broker":{"version":")"), 0u) << json.out;
    // A script finds each field, also one that is empty or 0.
    for (const char* part :
         {R"("dropped":[])", R"("connectors":{"connectors":[]})", R"("channels":{"wanted":"0",)"}) {
        EXPECT_NE(json.out.find(part), std::string::npos) << json.out;
    }
}

asio::awaitable<void> report_two_channels(Bus& bus) {
    v1::ChannelState channel;
    channel.set_channel("xqc");
    channel.set_state(v1::ChannelState::STATE_JOINED);
    bus.report(v1::Presence::STATE_READY, "");
    bus.report_channel(channel);
    channel.set_channel("nobody");
    channel.set_state(v1::ChannelState::STATE_REFUSED);
    channel.set_reason("suspended");
    bus.report_channel(channel);
    v1::Request question;
    question.set_verb("channels.list");
    v1::ChannelsList list;
    while (list.channels_size() < 2) {
        const auto reply = co_await bus.request(question, deadline);
        EXPECT_TRUE(reply.payload().UnpackTo(&list));
        co_await bus.clock().sleep(pace);
    }
}

TEST_F(CovenProgram, ChannelsShowsWhatConnectorsReportAndGoneOnesToo) {
    asio::io_context io{1};
    SystemClock clock;
    Bus bus(io, doors_, clock, {"chat", "chat-7", {}, {}});
    auto job = within(clock, deadline, "list of channels", report_two_channels(bus));
    asio::co_spawn(io, std::move(job), [&](const std::exception_ptr& failure) {
        EXPECT_FALSE(failure);
        bus.close();
    });
    io.run();
    // The goodbye of `bus` is on its way or there: whoever asks sees the one or the other.
    auto table = run_alone(doors_, {coven_program, "channels"});
    EXPECT_NE(table.out.find("CHANNEL  STATE"), std::string::npos) << table.out << table.err;
    EXPECT_NE(table.out.find("xqc"), std::string::npos) << table.out;
    auto json = run_alone(doors_, {coven_program, "channels", "x", "--json"});
    EXPECT_EQ(json.out.find(R"({"channel":"xqc","state":"STATE_)"), 0u) << json.out;
    EXPECT_NE(json.out.find(R"("ahead":"0")"), std::string::npos) << json.out;
    EXPECT_EQ(lines_in(json.out), 1u) << json.out;
    auto connectors = run_alone(doors_, {coven_program, "connectors"});
    EXPECT_NE(connectors.out.find("chat-7"), std::string::npos) << connectors.out;
}

TEST_F(CovenProgram, TopicsShowsWhatWasPublished) {
    run_with_chat(doors_, {coven_program, "tail", ">", "--count", "1"});
    auto table = run_alone(doors_, {coven_program, "topics", "twitch."});
    EXPECT_NE(table.out.find("twitch.chat.xqc.message"), std::string::npos)
        << table.out << table.err;
    auto json = run_alone(doors_, {coven_program, "topics", "--json"});
    EXPECT_NE(json.out.find(R"({"head":{"topic":")"), std::string::npos) << json.out;
    auto matched = run_alone(doors_, {coven_program, "topics", "twitch.*.xqc.>", "--json"});
    EXPECT_EQ(lines_in(matched.out), 1u) << matched.out;
    auto none = run_alone(doors_, {coven_program, "topics", "nothing.here."});
    EXPECT_EQ(none.out, "no topics\n");
}

TEST_F(CovenProgram, TopicsWatchPrintsEachTopicAgainWhenItHasMoved) {
    const Words command = {coven_program, "topics", "twitch.chat.*.message", "--watch"};
    auto watch = run_with_chat(doors_, command, {}, 2);
    EXPECT_EQ(watch.status(), 130) << watch.err;
    const std::string beginning = R"({"head":{"topic":"twitch.chat.xqc.message")";
    EXPECT_EQ(watch.out.find(beginning), 0u) << watch.out;
    EXPECT_NE(watch.out.rfind(beginning), 0u) << watch.out;
}

TEST(CovenWithoutABroker, SaysSo) {
    const TempFolder folder;
    const Endpoints nobody{"ipc://" + folder.file("p"), "ipc://" + folder.file("s"),
                           "ipc://" + folder.file("r")};
    auto tail = run_alone(nobody, {coven_program, "tail", ">", "--for", "2500ms"});
    EXPECT_EQ(tail.status(), 0);
    EXPECT_NE(tail.err.find("no broker at " + nobody.subscribe), std::string::npos) << tail.err;
    for (const char* command : {"status", "connectors", "channels", "topics"}) {
        auto page = run_alone(nobody, {coven_program, command});
        EXPECT_EQ(page.status(), 1);
        EXPECT_NE(page.err.find("no answer from the broker"), std::string::npos) << page.err;
        EXPECT_NE(page.err.find("asked at " + nobody.request), std::string::npos) << page.err;
    }
}

}  // namespace
}  // namespace coven::cli
