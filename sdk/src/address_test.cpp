#include <gtest/gtest.h>

#include "coven/bus.hpp"

namespace coven {
namespace {

TEST(AddressFault, FindsNoneInWhatTheBrokerOffers) {
    for (const char* address :
         {"tcp://127.0.0.1:5555", "tcp://[::1]:0", "tcp://*:5555", "ipc:///run/a"}) {
        EXPECT_FALSE(address_fault(address)) << address;
    }
}

TEST(AddressFault, NamesWhatIsWrong) {
    for (const char* address : {"", "127.0.0.1:5555", "tcp://127.0.0.1", "tcp://:5555",
                                "tcp://host:x", "ipc://", "inproc://a", "udp://127.0.0.1:1"}) {
        ASSERT_TRUE(address_fault(address)) << address;
        EXPECT_NE(address_fault(address)->message.find("is no address such as"), std::string::npos);
    }
    EXPECT_NE(address_fault("tcp://127.0.0.1:65536")->message.find("above 65535"),
              std::string::npos);
    EXPECT_FALSE(address_fault("tcp://127.0.0.1:65535"));
    const auto fault = address_fault("ipc://" + std::string(108, 'x'));
    EXPECT_NE(fault->message.find("more than 107 bytes"), std::string::npos);
}

}  // namespace
}  // namespace coven
