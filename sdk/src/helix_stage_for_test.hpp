#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "coven/helix.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/moved_clock.hpp"
#include "coven_testing/played_tokens.hpp"
#include "outcome_for_test.hpp"

namespace coven {

/// A Helix that talks to a script, on a clock that stands still.
class HelixTest : public ::testing::Test {
  protected:
    using Answer = std::shared_ptr<std::optional<HelixResult<JsonValue>>>;

    HelixCall get(const std::string& path) const {
        HelixCall call;
        call.path = path;
        call.object = "user 'xqc'";
        return call;
    }
    Helix::Options options() const {
        Helix::Options given;
        given.base_url = server_.url() + "/helix/";
        return given;
    }
    Answer begin_call(HelixCall call) { return begin(io_, helix_.call(std::move(call))); }
    /// Turns the loop until nothing is on its way; false when that takes too long.
    bool settle() {
        io_.restart();
        io_.poll();
        return turn_until(io_, [&] { return http_.pending() == 0; });
    }
    /// Moves the clock until `answer` is there.
    template <class T>
    T drive(const std::shared_ptr<std::optional<T>>& answer) {
        settle();
        for (int steps = 0; !answer->has_value() && steps < 10000; ++steps) {
            clock_.advance(io_, std::chrono::milliseconds(100));
            settle();
        }
        return answer->value();
    }
    HelixResult<JsonValue> call(HelixCall call) { return drive(begin_call(std::move(call))); }
    /// How the call ends when the server says so, always.
    HelixError error_of(HelixCall wanted, int status, const std::string& body) {
        server_.answer_always(testing::http_answer(status, body));
        const auto answer = call(std::move(wanted));
        return answer.has_error() ? answer.error() : HelixError();
    }
    Duration passed() const { return clock_.instant() - start_; }

    boost::asio::io_context io_;
    testing::MovedClock clock_;
    const Instant start_ = clock_.instant();
    testing::HttpScript server_{io_};
    HttpClient http_{io_.get_executor(), clock_, {}};
    testing::PlayedTokens tokens_;
    Helix helix_{http_, clock_, tokens_, options()};
};

}  // namespace coven
