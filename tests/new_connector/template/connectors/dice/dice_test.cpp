#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "coven/connector.hpp"
#include "coven_testing/test_bus.hpp"
#include "example/v1/roll.pb.h"

namespace {

using boost::asio::experimental::awaitable_operators::operator||;

TEST(Dice, IsHeardOnTheBus) {
    const coven::testing::TestBus test_bus;
    boost::asio::io_context io{1};
    coven::SystemClock clock;
    coven::Bus bus(io, test_bus.endpoints(), clock, {});
    auto rolls = bus.subscribe("example.dice.>");
    const auto settings = coven::manifest().settings;
    const auto dice = std::move(coven::make_connector(coven::Config::defaults(settings)).value());

    std::optional<example::v1::Roll> heard;
    boost::asio::co_spawn(io, dice->run(bus) || rolls.next(),
                          [&](const std::exception_ptr& failure, const auto& winner) {
                              if (!failure)
                                  heard =
                                      std::get<1>(winner).template payload_as<example::v1::Roll>();
                              bus.close();
                          });
    io.run_for(std::chrono::seconds(10));
    ASSERT_TRUE(heard.has_value());
    EXPECT_GE(heard->eyes(), 1U);
    EXPECT_LE(heard->eyes(), 6U);
}

}  // namespace
