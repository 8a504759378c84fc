#include "coven/token_watch.hpp"

#include <filesystem>
#include <fstream>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "run_to_end.hpp"
#include "token_sample_for_test.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds limit{30};

class TokenWatchTest : public ::testing::Test {
  public:
    using Body = asio::awaitable<void> (TokenWatchTest::*)();

    void run(Body body) {
        run_to_end(io_, within(clock_, limit, "end of the test", (this->*body)()));
    }
    asio::awaitable<void> hear_of_each() {
        store_.write(sample_token("ann", 1)).value();
        store_.write(sample_token("ann", 2)).value();
        store_.write(sample_token("bob", 1)).value();
        EXPECT_EQ(co_await watch_->next(), "ann");
        EXPECT_EQ(co_await watch_->next(), "bob");
        store_.remove("ann").value();
        EXPECT_EQ(co_await watch_->next(), "ann");
    }
    asio::awaitable<void> hear_nothing_of_others() {
        store_.try_write(sample_token("ann", 1)).value();
        std::ofstream(folder_ + "/README") << "x";
        std::ofstream(folder_ + "/No-Login.json") << "x";
        std::ofstream(folder_ + "/zoe.json") << "written by hand";
        EXPECT_EQ(co_await watch_->next(), "zoe");
    }
    asio::awaitable<void> lose_the_folder() {
        std::filesystem::rename(folder_, temp_.file("elsewhere"));
        std::string words;
        try {
            co_await watch_->next();
        } catch (const std::runtime_error& gone) {
            words = gone.what();
        }
        EXPECT_NE(words.find("moved or removed"), std::string::npos) << words;
    }

    TempFolder temp_;
    const std::string folder_ = temp_.file("tokens");
    TokenStore store_ = TokenStore::open(folder_).value();
    asio::io_context io_{1};
    SystemClock clock_;
    std::unique_ptr<TokenWatch> watch_ = TokenWatch::open(io_.get_executor(), store_).value();
};

TEST_F(TokenWatchTest, TellsWhichAccountChanged) { run(&TokenWatchTest::hear_of_each); }
TEST_F(TokenWatchTest, TellsOfNothingElse) { run(&TokenWatchTest::hear_nothing_of_others); }
TEST_F(TokenWatchTest, SaysThatTheFolderIsGone) { run(&TokenWatchTest::lose_the_folder); }

}  // namespace
}  // namespace coven
