#include "supervisor.hpp"

#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <gtest/gtest.h>
#include <signal.h>

#include "coven/child_process.hpp"

namespace coven::cli {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

/// For anything that a test waits for.
constexpr auto deadline = 20s;
constexpr std::chrono::milliseconds grace = 5s;

Program program(std::vector<std::string> behaviour) {
    Program program;
    program.name = "it";
    program.command = {program_folder() + "/supervisor_test_program"};
    program.command.insert(program.command.end(), behaviour.begin(), behaviour.end());
    program.restart.pause = {1ms, 5ms};
    return program;
}

pid_t pid_in(const ReadyFields& fields) { return std::stoi(fields.at("PID")); }
/// Is there and no zombie.
bool runs_on(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string words;
    std::getline(file, words);
    const auto name_end = words.rfind(')');
    return name_end != std::string::npos && words.substr(name_end, 3) != ") Z";
}
bool is_running(pid_t pid) { return ::kill(pid, 0) == 0; }

class Supervising : public ::testing::Test {
  protected:
    void run(asio::awaitable<void> test) {
        asio::co_spawn(io_, within(clock_, deadline, "end of the test", std::move(test)),
                       [](const std::exception_ptr& failure) {
                           if (failure) std::rethrow_exception(failure);
                       });
        io_.run();
    }

    asio::io_context io_{1};
    SystemClock clock_;
    std::string said_;
    /// What a test waits to hear.
    std::string awaited_ = "nothing";
    Happening heard_{io_.get_executor()};
    const Supervisor::Listener::Hear hear_ = [this](const std::string& name,
                                                    const std::string& line) {
        said_ += name + ": " + line + "\n";
        if (said_.find(awaited_) != std::string::npos) heard_.happen();
    };
    Supervisor supervisor_{io_, clock_, {hear_, hear_}};
};

asio::awaitable<void> start_and_stop(Supervisor& supervisor) {
    auto serving = program({"serve", "COVEN_URL=ws://x:1/?a=b"});
    const auto fields = co_await supervisor.start(std::move(serving));
    EXPECT_EQ(fields->at("COVEN_URL"), "ws://x:1/?a=b");
    const auto pid = pid_in(*fields);
    EXPECT_TRUE(is_running(pid));
    co_await supervisor.stop(grace);
    EXPECT_FALSE(is_running(pid));
}

TEST_F(Supervising, GivesTheFieldsOfReadinessAndStopsWhatItStarted) {
    run(start_and_stop(supervisor_));
    EXPECT_EQ(said_, "it: serving\n");
}

asio::awaitable<void> expect_no_start(Supervisor& supervisor, Program described,
                                      std::string reason) {
    const auto fields = co_await supervisor.start(std::move(described));
    EXPECT_TRUE(fields.has_error());
    if (!fields.has_error()) co_return;
    EXPECT_NE(fields.error().message.find(reason), std::string::npos) << fields.error().message;
    const auto given_up = co_await supervisor.given_up();
    EXPECT_EQ(given_up.reason, fields.error().message);
    co_await supervisor.stop(grace);
}

TEST_F(Supervising, SaysThatAProgramIsMissing) {
    auto missing = program({});
    missing.command = {"/nowhere/coven-it"};
    run(expect_no_start(supervisor_, missing,
                        "it cannot run '/nowhere/coven-it': No such file or directory"));
}

TEST_F(Supervising, GivesUpOnACrashLoopWithTheLastWords) {
    run(expect_no_start(
        supervisor_, program({"3"}),
        "it ended with status 3: ended 5 times within 30 s\n  cannot: \\u{1b}[31m3"));
}

TEST_F(Supervising, DoesNotRepeatARefusedConfiguration) {
    run(expect_no_start(supervisor_, program({"2"}), "refused its flags or configuration"));
    EXPECT_EQ(said_, "it: cannot: \x1b[31m2\n");
}

TEST_F(Supervising, KillsWhatIsNotReadyInTime) {
    auto slow = program({"never-ready"});
    slow.ready_limit = 50ms;
    slow.restart.crash_loop = 2;
    run(expect_no_start(supervisor_, slow, "was killed by signal 9 (Killed): ended 2 times"));
    EXPECT_NE(said_.find("was not ready within 0.1 s"), std::string::npos) << said_;
}

asio::awaitable<void> stop_impatiently(Supervisor& supervisor) {
    auto deaf = program({"ignore-sigterm"});
    const auto fields = co_await supervisor.start(std::move(deaf));
    co_await supervisor.stop(50ms);
    EXPECT_FALSE(is_running(pid_in(*fields)));
}

TEST_F(Supervising, KillsWhatDoesNotStopInTime) { run(stop_impatiently(supervisor_)); }

asio::awaitable<void> kill_and_wait(Supervisor& supervisor, Happening& restarted) {
    auto serving = program({"serve", "X=1"});
    const auto fields = co_await supervisor.start(std::move(serving));
    ::kill(pid_in(*fields), SIGKILL);
    co_await restarted.wait();
    co_await supervisor.stop(grace);
}

TEST_F(Supervising, StartsAgainWhatDied) {
    awaited_ = "started again at once\nit: serving";
    run(kill_and_wait(supervisor_, heard_));
    EXPECT_NE(said_.find("it: was killed by signal 9 (Killed)"), std::string::npos) << said_;
}

asio::awaitable<void> kill_all(Supervisor& supervisor) {
    auto deaf = program({"ignore-sigterm"});
    const auto fields = co_await supervisor.start(std::move(deaf));
    supervisor.kill();
    const auto pid = pid_in(*fields);
    co_await supervisor.stop(grace);
    EXPECT_FALSE(is_running(pid));
}

TEST_F(Supervising, KillsAllAtOnceWhenAsked) { run(kill_all(supervisor_)); }

TEST_F(Supervising, TakesAnEndBeforeTheFirstReadinessForFinalWhereThatIsTold) {
    auto decisive = program({"3"});
    decisive.first_start = Program::FirstStart::decisive;
    run(expect_no_start(supervisor_, decisive, "it ended with status 3: could not start"));
}

asio::awaitable<void> start_silent(Supervisor& supervisor, Happening& heard) {
    auto silent = program({"print"});
    silent.readiness = Program::Readiness::runs;
    silent.ready_limit = 1ms;
    const auto fields = co_await supervisor.start(std::move(silent));
    EXPECT_TRUE(fields.has_value());
    EXPECT_EQ(supervisor.kept(), std::vector<std::string>{"it"});
    co_await heard.wait();
    co_await supervisor.stop(grace);
    EXPECT_TRUE(supervisor.kept().empty());
}

TEST_F(Supervising, CountsAProgramThatNeverSaysReadyAsReadyAndPassesOnWhatItPrints) {
    awaited_ = "it: printed\n";
    run(start_silent(supervisor_, heard_));
    EXPECT_EQ(said_, "it: printed\n");
}

asio::awaitable<void> kill_the_parent(Supervisor& supervisor) {
    auto parent = program({"parent"});
    parent.restart.crash_loop = 1;
    const auto fields = co_await supervisor.start(std::move(parent));
    ::kill(pid_in(*fields), SIGKILL);
    co_await supervisor.given_up();
    // It may be a zombie for a moment: nobody but the machine's first process waits for it.
    EXPECT_FALSE(runs_on(std::stoi(fields->at("CHILD"))));
}

TEST_F(Supervising, EndsWhatAProgramHasStartedItself) { run(kill_the_parent(supervisor_)); }

asio::awaitable<void> stop_by_tiers(Supervisor& supervisor, Happening& heard) {
    for (const int tier : {0, 1, 1}) {
        auto serving = program({"last-words", std::to_string(tier)});
        serving.tier = tier;
        co_await supervisor.start(std::move(serving));
    }
    co_await supervisor.stop(grace);
    co_await heard.wait();
}

TEST_F(Supervising, StopsTheHighestTierFirst) {
    awaited_ = "it: end of 0\n";
    run(stop_by_tiers(supervisor_, heard_));
    EXPECT_EQ(said_, "it: end of 1\nit: end of 1\nit: end of 0\n");
}

TEST_F(Supervising, LeavesNothingBehindWhenItDies) {
    pid_t pid = 0;
    {
        const auto nobody = [](const std::string&, const std::string&) {};
        Supervisor supervisor(io_, clock_, {nobody, nobody});
        asio::co_spawn(io_, supervisor.start(program({"serve", "X=1"})),
                       [&](const std::exception_ptr&, const Result<ReadyFields>& fields) {
                           pid = pid_in(*fields);
                       });
        while (pid == 0 && io_.run_one_for(deadline) > 0) continue;
    }
    ASSERT_NE(pid, 0);
    EXPECT_FALSE(is_running(pid));
}

}  // namespace
}  // namespace coven::cli
