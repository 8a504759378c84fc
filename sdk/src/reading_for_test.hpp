#pragma once

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/bus.hpp"
#include "coven_testing/test_bus.hpp"
#include "run_to_end.hpp"

namespace coven {

/// A real broker, a publisher and a reader, as three programs would be.
class Reading : public ::testing::Test {
  protected:
    static constexpr std::chrono::seconds limit{60};

    explicit Reading(std::vector<std::string> flags = {}) : broker_(std::move(flags)) {}

    static Topic topic(const std::string& text) { return Topic::parse(text).value(); }

    void publish(const std::string& where, const std::string& text, std::uint64_t flags = 0) {
        v1::Event event;
        event.set_id(text);
        event.set_type("test");
        event.set_text_data(text);
        event.set_flags(flags);
        if (writer_.publish(topic(where), event) == Published::queued) return;
        run(writer_.room());
        ASSERT_EQ(writer_.publish(topic(where), event), Published::queued);
    }
    /// "PREFIX 0" … "PREFIX count-1" on a.b.
    void publish_many(const std::string& prefix, int count) {
        for (int i = 0; i < count; ++i) publish("a.b", prefix + " " + std::to_string(i));
    }
    void flush() { run(writer_.flush(limit)); }

    void run(boost::asio::awaitable<void> job) {
        run_to_end(io_, within(clock_, limit, "end of the job", std::move(job)));
    }

    static boost::asio::awaitable<void> collect(Subscription& events, std::size_t count,
                                                std::vector<Event>& collected) {
        while (collected.size() < count) {
            auto event = co_await events.next();
            collected.push_back(std::move(event));
        }
    }
    std::vector<Event> take(Subscription& events, std::size_t count) {
        std::vector<Event> collected;
        run(collect(events, count, collected));
        return collected;
    }
    static std::string text_of(const Event& event) {
        return event.is_missing() ? event.type() : event.message().text_data();
    }
    std::vector<std::string> texts(Subscription& events, std::size_t count) {
        std::vector<std::string> found;
        for (const auto& event : take(events, count)) found.push_back(text_of(event));
        return found;
    }
    /// The next events are "PREFIX 0" … "PREFIX count-1", each once.
    void expect_many(Subscription& events, const std::string& prefix, int count) {
        for (int i = 0; i < count; ++i) {
            ASSERT_EQ(text_of(take(events, 1).front()), prefix + " " + std::to_string(i));
        }
    }

    testing::TestBus broker_;
    boost::asio::io_context io_{1};
    SystemClock clock_;
    Bus writer_{io_, broker_.endpoints(), clock_, Identity{}};
    Bus reader_{io_, broker_.endpoints(), clock_, Identity{}};
};

}  // namespace coven
