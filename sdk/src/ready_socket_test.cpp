#include "coven/ready_socket.hpp"

#include <gtest/gtest.h>

#include "coven/daemon.hpp"

namespace coven {
namespace {

TEST(ReadySocket, HearsWhatNotifyReadySays) {
    ReadySocket ready;
    setenv("NOTIFY_SOCKET", ready.path().c_str(), 1);
    notify_ready({"COVEN_CHAT_URL=ws://127.0.0.1:1", "COVEN_EMPTY="});
    unsetenv("NOTIFY_SOCKET");
    const auto fields = ready.wait(std::chrono::seconds(10));
    EXPECT_EQ(fields.at("READY"), "1");
    EXPECT_EQ(fields.at("COVEN_CHAT_URL"), "ws://127.0.0.1:1");
    EXPECT_EQ(fields.at("COVEN_EMPTY"), "");
}

TEST(ReadySocket, GivesNothingWhenNobodyIsReady) {
    ReadySocket ready;
    EXPECT_TRUE(ready.wait(std::chrono::milliseconds(10)).empty());
}

}  // namespace
}  // namespace coven
