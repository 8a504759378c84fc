// Processes that are killed while they store a pair of tokens that Twitch gives once.

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/temp_folder.hpp"
#include "coven/token_store.hpp"
#include "token_sample_for_test.hpp"

namespace coven {
namespace {

enum class Way {
    as_it_is,
    /// What the store must not do: the oracle has to see it.
    in_place,
};

/// What a child has told before its death. A pair is told as begun when Twitch has given it.
struct Told {
    int begun = 0;
    int written = 0;
    int stored = 0;
};

/// Of `text`; 0 where it ends in none.
int number_in(std::string_view text) {
    const auto dash = text.rfind('-');
    return dash == std::string_view::npos ? 0 : std::stoi(std::string(text.substr(dash + 1)));
}

/// The child: stores one pair after the other, and kills itself after so many steps.
class Rotation {
  public:
    Rotation(const std::string& folder, int steps, int tell)
        : folder_(folder), left_(steps), tell_(tell) {}

    [[noreturn]] void run(Way way) {
        auto store = TokenStore::open(folder_).value();
        store.recover().value();
        store.after_each_step([this](TokenStore::Step step) {
            if (step == TokenStore::Step::written) say('w', number_);
            die_some_time();
        });
        const auto present = store.read("a").value();
        number_ = present ? number_in(present->refresh.reveal()) : 0;
        for (;;) {
            auto token = sample_token("a", ++number_);
            token.previous_refresh = sample_token("a", number_ - 1).refresh;
            say('b', number_);
            if (way == Way::in_place) {
                overwrite(token);
            } else {
                store.write(token).value();
            }
            say('s', number_);
        }
    }

  private:
    void overwrite(const StoredToken& token) {
        const auto other = folder_ + "/" + "other";
        auto store = TokenStore::open(other).value();
        store.write(token).value();
        std::ifstream from(other + "/a.json");
        std::ofstream to(folder_ + "/a.json", std::ios::trunc);
        die_some_time();
        to << from.rdbuf() << std::flush;
        die_some_time();
    }
    void die_some_time() {
        if (--left_ == 0) ::kill(::getpid(), SIGKILL);
    }
    void say(char what, int number) const {
        const auto line = what + std::to_string(number) + "\n";
        if (::write(tell_, line.data(), line.size()) < 0) ::_exit(1);
    }

    std::string folder_;
    int left_;
    int tell_;
    int number_ = 0;
};

Told hear(int pipe) {
    Told told;
    std::string all;
    std::array<char, 4096> piece{};
    for (auto count = ::read(pipe, piece.data(), piece.size()); count > 0;
         count = ::read(pipe, piece.data(), piece.size())) {
        all.append(piece.data(), static_cast<std::size_t>(count));
    }
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) {
        const int number = std::stoi(line.substr(1));
        if (line[0] == 'b') told.begun = number;
        if (line[0] == 'w') told.written = number;
        if (line[0] == 's') told.stored = number;
    }
    return told;
}

Told rotate_and_crash(const std::string& folder, int steps, Way way) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) ADD_FAILURE() << "no pipe";
    const auto child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        Rotation(folder, steps, pipe[1]).run(way);
    }
    ::close(pipe[1]);
    const auto told = hear(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    return told;
}

/// The pair that the next process finds; an Error where that is none.
Result<StoredToken> left_behind(const std::string& folder) {
    auto store = TokenStore::open(folder).value();
    const auto recovered = store.recover();
    if (recovered.has_error()) return recovered.error();
    auto token = store.read("a");
    if (token.has_error()) return token.error();
    if (!*token) return Error("there is no token at all");
    return std::move(**token);
}

TEST(TokenCrash, LosesNoPairThatWasWritten) {
    constexpr int crashes = 100;
    const TempFolder temp;
    const auto folder = temp.file("tokens");
    ASSERT_TRUE(TokenStore::open(folder).value().write(sample_token("a", 1)));
    std::mt19937 random(20261123);
    int in_flight = 0;
    int last = 1;
    for (int i = 0; i < crashes; ++i) {
        const auto told =
            rotate_and_crash(folder, static_cast<int>(1 + random() % 15), Way::as_it_is);
        const auto found = left_behind(folder);
        ASSERT_TRUE(found) << "crash " << i << ": " << found.error().message;
        const int number = number_in(found->refresh.reveal());
        ASSERT_GE(number, std::max({last, told.stored, told.written})) << "crash " << i;
        ASSERT_LE(number, told.begun) << "crash " << i;
        // Until it has been validated, the one before may still be needed.
        if (number > 1) {
            ASSERT_EQ(number_in(found->previous_refresh.reveal()), number - 1) << "crash " << i;
        }
        if (told.begun > std::max(last, told.stored)) ++in_flight;
        last = number;
    }
    std::cout << in_flight << " pairs were in flight at " << crashes << " crashes\n";
    EXPECT_GT(in_flight, 0);
}

TEST(TokenCrash, OfAStoreThatWritesInPlaceIsNoticed) {
    const TempFolder temp;
    const auto folder = temp.file("tokens");
    std::mt19937 random(20261123);
    int lost = 0;
    for (int i = 0; i < 40 && lost == 0; ++i) {
        ASSERT_TRUE(TokenStore::open(folder).value().write(sample_token("a", 1)));
        rotate_and_crash(folder, static_cast<int>(1 + random() % 8), Way::in_place);
        if (left_behind(folder).has_error()) ++lost;
    }
    EXPECT_GT(lost, 0) << "a file that was cut must show as a loss";
}

}  // namespace
}  // namespace coven
