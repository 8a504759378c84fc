// The real `coven up` with the real broker and chat connector, and a Twitch of this machine.

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "coven/ready_socket.hpp"
#include "coven/temp_folder.hpp"
#include "running_program.hpp"

namespace coven::cli {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

/// For anything that a test waits for.
constexpr std::chrono::milliseconds deadline = 30s;
/// What a second Ctrl-C must beat: the grace that a deaf program would get.
constexpr auto short_of_grace = 8s;

/// Returns whether the process ended within the deadline, whoever its parent is.
bool ends(pid_t pid) {
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (descriptor < 0) return true;
    pollfd process{descriptor, POLLIN, 0};
    const bool ended = poll(&process, 1, static_cast<int>(deadline.count())) > 0;
    close(descriptor);
    return ended;
}

class CovenUp : public ::testing::Test {
  protected:
    /// A Twitch in which the channels a to h chat. Its address.
    std::string twitch(const Words& flags = {"--channels", "a,b,c,d,e,f,g,h"}) {
        ReadySocket ready;
        Words command = {program_folder() + "/coven-sim"};
        command.insert(command.end(), flags.begin(), flags.end());
        sim_ = std::make_unique<RunningProgram>(
            command, std::map<std::string, std::string>{{"NOTIFY_SOCKET", ready.path()},
                                                        {"COVEN_CONFIG", ""}});
        return ready.wait(deadline)["COVEN_CHAT_URL"];
    }

    /// Writes a configuration with doors of our own, and `more` in it.
    void configure(const std::string& more) {
        std::ofstream(config_) << "[bus]\npublish = \"ipc://" << folder_.file("p")
                               << "\"\nsubscribe = \"ipc://" << folder_.file("s")
                               << "\"\nrequest = \"ipc://" << folder_.file("r")
                               << "\"\n[broker]\ndata = \"" << folder_.file("data") << "\"\n"
                               << more;
    }
    static std::string chat_section(const std::string& url, const std::string& channels) {
        return "[twitch]\nchat_url = \"" + url + "\"\n[chat]\nchannels = [" + channels + "]\n";
    }

    RunningProgram coven(Words words) {
        words.insert(words.begin(), program_folder() + "/coven");
        words.insert(words.begin() + 2, {"--config", config_});
        return RunningProgram(std::move(words), {{"COVEN_LOG_LEVEL", "info"},
                                                 {"COVEN_METRICS_LISTEN", "127.0.0.1:0"},
                                                 {"NO_COLOR", ""}});
    }

    TempFolder folder_;
    std::string config_ = folder_.file("coven.toml");
    std::unique_ptr<RunningProgram> sim_;
};

TEST_F(CovenUp, ReadsChatAndEndsWellWithOneCtrlCTheBrokerLast) {
    configure("");
    const auto url = twitch();
    configure(chat_section(url, "\"nobody\""));
    auto up = coven({"up", "--channel", "a", "--channel", "b"});
    EXPECT_TRUE(up.says("Ctrl-C ends all of it", deadline)) << up.err;
    EXPECT_NE(up.err.find("chat-1: a, b"), std::string::npos) << up.err;
    auto tail = coven({"tail", "twitch.chat.>", "--count", "3", "--wait", "20s"});
    EXPECT_EQ(tail.end(deadline), 0) << tail.err;
    up.interrupt();
    EXPECT_EQ(up.end(deadline), 0) << up.err;
    const auto chat = up.err.find(R"("program":"chat-1","event":"stopped")");
    const auto broker = up.err.find(R"("program":"broker-1","event":"stopped")");
    EXPECT_NE(chat, std::string::npos) << up.err;
    EXPECT_NE(broker, std::string::npos) << up.err;
    EXPECT_LT(chat, broker);
}

TEST_F(CovenUp, SharesTheChannelsAmongInstancesAndStartsAgainWhatWasKilled) {
    configure(chat_section(twitch(), R"("a","b","c","d","e","f","g","h")"));
    auto up = coven({"up", "--scale", "chat=2"});
    for (const char* instance : {"chat-1", "chat-2"}) {
        const auto ready = R"("instance":")" + std::string(instance) + R"(","text":"ready")";
        EXPECT_TRUE(up.says(ready, deadline)) << up.err;
    }
    const auto killed = up.child("--instance chat-2");
    ASSERT_NE(killed, 0);
    const auto before = up.err.size();
    ::kill(killed, SIGKILL);
    EXPECT_TRUE(up.says("was killed by signal 9 (Killed), started again", deadline)) << up.err;
    EXPECT_TRUE(up.says(R"("instance":"chat-2","text":"ready")", deadline, before)) << up.err;
    EXPECT_NE(up.child("--instance chat-2"), killed);
    up.signal(SIGTERM);
    EXPECT_EQ(up.end(deadline), 0) << up.err;
}

constexpr int many = 300;

/// "sim_0001","sim_0002", …: as the sim calls them.
std::string many_channels() {
    std::string names;
    for (int i = 1; i <= many; ++i) {
        const auto digits = std::to_string(10000 + i).substr(1);
        names += (i == 1 ? "\"sim_" : ",\"sim_") + digits + "\"";
    }
    return names;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST_F(CovenUp, ShowsHowFarHundredsOfChannelsAreAndAgainAfterAKilledBroker) {
    const auto url = twitch({"--channel_count", std::to_string(many), "--joins", "2000",
                             "--suspended", "sim_0001,sim_0002,sim_0003", "--rate", "1"});
    configure(chat_section(url, many_channels()) + "join_limit = 100\njoin_window = \"1s\"\n");
    auto up = coven({"up"});
    EXPECT_TRUE(up.says("starting: joined ", deadline)) << up.err;
    EXPECT_TRUE(
        up.says(R"("text":"ready: joined 297 of 300 channels; refused: sim_0001)", deadline))
        << up.err;
    EXPECT_LT(count(up.err, R"("event":"presence")"), 10u) << up.err;
    const auto expect_all = [this] {
        std::string out;
        const auto started = SystemClock().instant();
        // The last changes are on their way for a moment.
        while (count(out, "STATE_JOINED") < 297 && SystemClock().instant() < started + deadline) {
            auto channels = coven({"channels", "--json"});
            EXPECT_EQ(channels.end(deadline), 0) << channels.err;
            out = channels.out;
        }
        EXPECT_EQ(count(out, "\n"), 300u);
        EXPECT_EQ(count(out, R"("state":"STATE_REFUSED","reason":"suspended")"), 3u) << out;
    };
    expect_all();
    const auto broker = up.child("coven-broker");
    ASSERT_NE(broker, 0);
    ::kill(broker, SIGKILL);
    expect_all();
    auto status = coven({"status"});
    EXPECT_EQ(status.end(deadline), 0) << status.err;
    EXPECT_NE(status.out.find("channels     297 of 300 joined; 3 refused"), std::string::npos)
        << status.out;
    up.interrupt();
    EXPECT_EQ(up.end(deadline), 0) << up.err;
}

TEST_F(CovenUp, LeavesNoProcessBehindWhenItIsKilled) {
    configure("[chat]\n[connectors.mine]\ncommand = [\"sh\", \"-c\", \"read x\"]\n");
    auto up = coven({"up"});
    EXPECT_TRUE(up.says("Ctrl-C ends all of it", deadline)) << up.err;
    const auto children = up.children();
    EXPECT_GE(children.size(), 2u);
    up.signal(SIGKILL);
    for (const pid_t child : children) EXPECT_TRUE(ends(child)) << child;
}

/// A connector that ends with `status` when the test says so.
class CovenUpWithAForeignProgram : public CovenUp {
  protected:
    void SetUp() override { ASSERT_EQ(mkfifo(fifo_.c_str(), 0600), 0); }
    std::string foreign(const std::string& script) const {
        return "[connectors.mine]\ncommand = [\"sh\", \"-c\", '''" + script + "''']\n";
    }
    std::string ends_with(int status) const {
        return foreign("echo as $COVEN_INSTANCE at $COVEN_BUS_PUBLISH; read x < " + fifo_ +
                       "; exit " + std::to_string(status));
    }
    /// Waits until it reads.
    void let_it_end() const { std::ofstream(fifo_) << "now\n"; }

    std::string fifo_ = folder_.file("fifo");
};

TEST_F(CovenUpWithAForeignProgram, TellsItTheBusAndGoesOnWithoutItWhenItFails) {
    configure(chat_section(twitch(), "\"a\"") + ends_with(2));
    auto up = coven({"up"});
    EXPECT_TRUE(up.says("Ctrl-C ends all of it", deadline)) << up.err;
    EXPECT_NE(up.err.find("as mine-1 at ipc://" + folder_.file("p")), std::string::npos) << up.err;
    let_it_end();
    EXPECT_TRUE(up.says("refused its flags or configuration; the others go on", deadline))
        << up.err;
    auto tail = coven({"tail", "twitch.chat.>", "--count", "1", "--wait", "20s"});
    EXPECT_EQ(tail.end(deadline), 0) << tail.err;
    up.interrupt();
    EXPECT_EQ(up.end(deadline), 0) << up.err;
}

TEST_F(CovenUpWithAForeignProgram, EndsWithStatusOneWhenNoConnectorIsLeft) {
    configure(ends_with(2));
    auto up = coven({"up"});
    EXPECT_TRUE(up.says("Ctrl-C ends all of it", deadline)) << up.err;
    let_it_end();
    EXPECT_EQ(up.end(deadline), 1) << up.err;
    EXPECT_NE(up.err.find("no connector is left"), std::string::npos) << up.err;
}

TEST_F(CovenUpWithAForeignProgram, ASecondCtrlCKillsWhatDoesNotStop) {
    configure(foreign("trap '' TERM; echo deaf; while :; do read x < " + fifo_ + "; done"));
    auto up = coven({"up"});
    EXPECT_TRUE(up.says("Ctrl-C ends all of it", deadline)) << up.err;
    const auto deaf = up.child("trap");
    ASSERT_NE(deaf, 0);
    up.interrupt();
    EXPECT_TRUE(up.says("still waiting for broker, mine-1; Ctrl-C kills at once", deadline))
        << up.err;
    up.interrupt();
    EXPECT_EQ(up.end(short_of_grace), 130) << up.err;
    EXPECT_TRUE(ends(deaf));
}

TEST_F(CovenUp, SaysThatAnotherBrokerHasTheDoorsAndWhatToDo) {
    configure("");
    auto first = coven({"up"});
    EXPECT_TRUE(first.says("Ctrl-C ends all of it", deadline)) << first.err;
    std::ofstream(config_, std::ios::app) << "[log]\nformat = \"human\"\n";
    auto second = RunningProgram({program_folder() + "/coven", "up", "--config", config_},
                                 {{"COVEN_BROKER_DATA", folder_.file("other")}});
    EXPECT_EQ(second.end(deadline), 1) << second.err;
    EXPECT_NE(second.err.find("broker | coven-broker: cannot open the publish door at"),
              std::string::npos)
        << second.err;
    EXPECT_NE(second.err.find("does another `coven up`, `coven demo` or coven-broker run?"),
              std::string::npos)
        << second.err;
}

TEST_F(CovenUp, RefusesAWrongConfigurationOnceWithStatusTwo) {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"[chat]\nchanels = [\"a\"]", "unknown key 'chat.chanels', did you mean"},
        {"[chat]\nchannels = [\"not-ok\"]", "channels: channel is not a Twitch login"},
        {"[connectors.mine]\ncommand = [\"no-such-program\"]", "names no program"},
        {"[log]\nlevel = \"loud\"", "'log.level' is none of"},
    };
    for (const auto& [text, reason] : rows) {
        configure(text);
        auto up = RunningProgram(
            {program_folder() + "/coven", "up", "--config", config_, "--scale", "chat=2"}, {});
        EXPECT_EQ(up.end(deadline), 2) << up.err;
        const auto found = up.err.find(reason);
        EXPECT_NE(found, std::string::npos) << up.err;
        EXPECT_EQ(up.err.find(reason, found + 1), std::string::npos) << up.err;
        EXPECT_EQ(up.err.find(R"("event":"ready")"), std::string::npos) << "before anything starts";
    }
}

TEST_F(CovenUp, RefusesACommandLineThatCannotWork) {
    configure("");
    const std::vector<std::pair<Words, std::string>> rows = {
        {{"up", "--scale", "chat"}, "--scale is no KIND=NUMBER"},
        {{"up", "--channel", ""}, "--channel names no channel: ''"},
        {{"up", "--scale", "dice=2"}, "there is no connector 'dice', only:"},
        {{"up", "--publish", "tcp://127.0.0.1:0"}, "the broker's doors need ports of their own"},
    };
    for (const auto& [words, reason] : rows) {
        auto up = coven(words);
        EXPECT_EQ(up.end(deadline), 2) << up.err;
        EXPECT_NE(up.err.find(reason), std::string::npos) << up.err;
    }
}

}  // namespace
}  // namespace coven::cli
