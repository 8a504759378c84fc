#include "coven/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace coven {
namespace {

constexpr std::chrono::seconds limit{20};

ChildProcess::Options shell(const std::string& script) {
    ChildProcess::Options options;
    options.command = {"/bin/sh", "-c", script};
    options.out = ChildProcess::Options::capture;
    return options;
}

std::string all_of(int descriptor) {
    std::string text;
    char part[256];
    for (ssize_t size = 0; (size = read(descriptor, part, sizeof part)) > 0;) {
        text.append(part, static_cast<std::size_t>(size));
    }
    return text;
}

TEST(ChildProcess, GivesItsOutputAndStatus) {
    auto child = ChildProcess::start(shell("echo hello; exit 3"));
    ASSERT_TRUE(child.has_value());
    EXPECT_EQ(all_of(child->out()), "hello\n");
    EXPECT_EQ(child->wait(limit), 3);
    EXPECT_EQ(child->poll(), 3);
}

TEST(ChildProcess, SeesAddedAndReplacedVariables) {
    setenv("COVEN_TEST_VARIABLE", "old", 1);
    auto options = shell("echo $COVEN_TEST_VARIABLE");
    options.environment["COVEN_TEST_VARIABLE"] = "new";
    auto child = ChildProcess::start(options);
    EXPECT_EQ(all_of(child->out()), "new\n");
}

TEST(ChildProcess, SaysWhyItCannotStart) {
    ChildProcess::Options options;
    options.command = {"/no/such/program"};
    EXPECT_EQ(ChildProcess::start(options).error().message,
              "cannot run '/no/such/program': No such file or directory");
}

TEST(ChildProcess, IsAskedToStopAndKilledWhenItDoesNot) {
    auto polite =
        ChildProcess::start(shell("trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done"));
    char first[3];
    ASSERT_EQ(read(polite->out(), first, 3), 3);
    EXPECT_EQ(polite->stop(limit), 7);
    auto deaf = ChildProcess::start(shell("trap '' TERM; echo up; while :; do sleep 0.01; done"));
    ASSERT_EQ(read(deaf->out(), first, 3), 3);
    EXPECT_EQ(deaf->stop(std::chrono::milliseconds(200)), 128 + SIGKILL);
}

TEST(ChildProcess, DiesWithItsOwner) {
    pid_t pid = -1;
    {
        auto child = ChildProcess::start(shell("exec sleep 1000"));
        pid = child->pid();
        EXPECT_EQ(kill(pid, 0), 0);
    }
    EXPECT_EQ(kill(pid, 0), -1);
}

TEST(ChildProcess, DoesNotInheritThePipesOfAnother) {
    auto first = ChildProcess::start(shell("exec sleep 1000"));
    char pipe[64] = {};
    const auto link = "/proc/self/fd/" + std::to_string(first->out());
    ASSERT_GT(readlink(link.c_str(), pipe, sizeof pipe - 1), 0);
    auto second = ChildProcess::start(shell("ls -l /proc/self/fd"));
    EXPECT_EQ(all_of(second->out()).find(pipe), std::string::npos);
}

TEST(ProgramFolder, IsWhereThisTestLies) {
    EXPECT_EQ(access((program_folder() + "/sdk_test").c_str(), X_OK), 0);
}

}  // namespace
}  // namespace coven
