#include "supervisor.hpp"

#include <chrono>
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
    Supervisor supervisor_{io_, clock_, [this](const std::string& name, const std::string& line) {
                               said_ += name + ": " + line + "\n";
                               if (said_.find(awaited_) != std::string::npos) heard_.happen();
                           }};
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
    const auto failure = co_await supervisor.failure();
    EXPECT_EQ(failure, fields.error().message);
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

TEST_F(Supervising, LeavesNothingBehindWhenItDies) {
    pid_t pid = 0;
    {
        Supervisor supervisor(io_, clock_, [](const std::string&, const std::string&) {});
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
