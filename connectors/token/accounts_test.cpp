#include "accounts.hpp"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "coven_testing/moved_clock.hpp"
#include "coven_testing/no_room.hpp"
#include "played_id_server_for_test.hpp"

namespace token {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using coven::testing::NoRoom;
using coven::v1::Reply;
using twitch::v1::TokenStatus;
using Kind = coven::OauthError::Kind;

/// Accounts of a real store and a played Twitch, on a clock that the test moves.
class AccountsTest : public ::testing::Test {
  protected:
    AccountsTest() {
        workshop_.publish = [this](const std::string& what, const twitch::v1::TokenEvent& event) {
            events_.push_back(event.login() + " " + what);
            last_event_ = event;
        };
        workshop_.changed = [] {};
        store_.write(pair_from(server_.give(), "ann")).value();
    }
    ~AccountsTest() override { stop(); }

    coven::StoredToken pair_from(coven::TokenPair given, const std::string& login) {
        coven::StoredToken pair;
        pair.login = login;
        pair.client_id = "some_client";
        pair.access = std::move(given.access);
        pair.refresh = std::move(given.refresh);
        pair.obtained_at = clock_.now();
        pair.expires_at = clock_.now() + given.expires_in;
        return pair;
    }
    void start() {
        accounts_ = std::make_unique<Accounts>(workshop_);
        const auto ended = [this](const std::exception_ptr&) { running_ = false; };
        running_ = true;
        asio::co_spawn(io_, accounts_->run(*watch_),
                       asio::bind_cancellation_slot(stop_.slot(), ended));
        settle();
    }
    void stop() {
        stop_.emit(asio::cancellation_type::terminal);
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (running_ && std::chrono::steady_clock::now() < deadline) {
            io_.restart();
            io_.run_one_for(10ms);
        }
        EXPECT_FALSE(running_);
        // The calls give up at their deadlines.
        if (calls_ > 0) pass(1min);
        EXPECT_EQ(calls_, 0);
        accounts_.reset();
    }
    void pass(coven::Duration time) { clock_.advance(io_, time); }
    /// All that can be done now is done.
    void settle() { pass(1ms); }
    /// A call with a deadline of 20 s; its answer comes into `replies_`.
    void call(const char* verb, const google::protobuf::Message& question) {
        auto request = coven::request_of(verb, question);
        request.set_deadline_ms(20000);
        const bool refreshes = std::string(verb) == "token.refresh";
        auto answer = refreshes ? accounts_->refresh(request) : accounts_->validate(request);
        asio::co_spawn(io_, std::move(answer),
                       [this](const std::exception_ptr&, const Reply& reply) {
                           replies_.push_back(reply);
                           --calls_;
                       });
        ++calls_;
        settle();
    }
    void call_refresh(std::uint64_t refused_us, const std::string& login = "ann") {
        twitch::v1::TokenRefreshRequest question;
        question.set_login(login);
        question.set_refused_obtained_us(refused_us);
        call("token.refresh", question);
    }
    coven::StoredToken stored(const std::string& login = "ann") const {
        return store_.read(login).value().value();
    }
    std::uint64_t obtained_us() const {
        return coven::microseconds_since_epoch(stored().obtained_at);
    }
    long count(const std::string& event) const {
        return std::count(events_.begin(), events_.end(), event);
    }
    TokenStatus::State state() {
        replies_.clear();
        twitch::v1::TokenValidateRequest question;
        question.set_login("ann");
        call("token.validate", question);
        settle();
        TokenStatus status;
        if (!replies_.empty()) replies_.front().payload().UnpackTo(&status);
        replies_.clear();
        return status.state();
    }

    coven::TempFolder temp_;
    asio::io_context io_{1};
    coven::testing::MovedClock clock_;
    coven::TokenStore store_ = coven::TokenStore::open(temp_.file("tokens")).value();
    std::unique_ptr<coven::TokenWatch> watch_ =
        coven::TokenWatch::open(io_.get_executor(), store_).value();
    PlayedIdServer server_{clock_, io_.get_executor()};
    TokenNumbers numbers_;
    Workshop workshop_{clock_, store_, server_, numbers_, io_.get_executor(), {}, {}, {}};
    std::unique_ptr<Accounts> accounts_;
    asio::cancellation_signal stop_;
    bool running_ = false;
    int calls_ = 0;
    std::vector<std::string> events_;
    twitch::v1::TokenEvent last_event_;
    std::vector<Reply> replies_;
};

TEST_F(AccountsTest, ValidatesAtTheStartAndSaysSo) {
    const auto begun = clock_.now();
    start();
    ASSERT_FALSE(events_.empty());
    EXPECT_EQ(events_, std::vector<std::string>{"ann validated"});
    EXPECT_EQ(last_event_.user_id(), "71092938");
    EXPECT_EQ(last_event_.scopes(0), "chat:read");
    // Twitch tells whole seconds.
    EXPECT_GT(stored().expires_at, begun + 4h - 2s);
    EXPECT_LE(stored().expires_at, begun + 4h + 1s);
    EXPECT_EQ(last_event_.expires_at_us(), coven::microseconds_since_epoch(stored().expires_at));
    EXPECT_GE(stored().validated_at, begun);
    EXPECT_EQ(numbers_.accounts.at("ann").expires_at, stored().expires_at);
}

TEST_F(AccountsTest, NeverLosesTheSessionInADay) {
    start();
    for (auto minute = 0min; minute < 24h; ++minute) {
        pass(1min);
        ASSERT_TRUE(server_.is_good(stored().access.reveal())) << minute.count();
    }
    const auto& times = server_.validated_at;
    EXPECT_GE(times.size(), 24u);
    for (std::size_t i = 1; i < times.size(); ++i) ASSERT_LE(times[i] - times[i - 1], 1h);
    EXPECT_EQ(server_.refreshes, 6);
    EXPECT_EQ(count("ann refreshed"), 6);
    EXPECT_EQ(count("ann rejected") + count("ann expiring"), 0);
    EXPECT_TRUE(stored().previous_refresh.empty());
}

TEST_F(AccountsTest, OutlivesHoursWithoutTwitch) {
    start();
    server_.is_down = true;
    pass(9h);
    EXPECT_EQ(state(), TokenStatus::STATE_UNREACHABLE);
    EXPECT_EQ(count("ann rejected"), 0);
    // Once, however often it was tried.
    EXPECT_EQ(count("ann expiring"), 1);
    server_.is_down = false;
    pass(5min);
    EXPECT_EQ(state(), TokenStatus::STATE_VALID);
    EXPECT_TRUE(server_.is_good(stored().access.reveal()));
}

TEST_F(AccountsTest, AsksTwitchOnceHoweverManyWereRefused) {
    start();
    const auto refused = obtained_us();
    server_.revoke_access();
    server_.holds_answers = true;
    pass(1min);
    for (int i = 0; i < 50; ++i) call_refresh(refused);
    pass(1s);
    EXPECT_TRUE(replies_.empty());
    server_.let_go();
    pass(1s);
    ASSERT_EQ(replies_.size(), 50u);
    for (const auto& reply : replies_) EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    EXPECT_EQ(server_.refreshes, 1);
    // Who comes late is told at once.
    call_refresh(refused);
    settle();
    ASSERT_EQ(replies_.size(), 51u);
    EXPECT_EQ(replies_.back().status(), Reply::OK);
    EXPECT_EQ(server_.refreshes, 1);
    TokenStatus status;
    ASSERT_TRUE(replies_.back().payload().UnpackTo(&status));
    EXPECT_GT(status.obtained_at_us(), refused);
    EXPECT_TRUE(server_.is_good(stored().access.reveal()));
}

TEST_F(AccountsTest, SaysWhenSomebodyMustLogInAgain) {
    start();
    server_.revoke_everything();
    call_refresh(0);
    pass(1s);
    ASSERT_EQ(replies_.size(), 1u);
    EXPECT_EQ(replies_[0].status(), Reply::FAILED);
    EXPECT_EQ(replies_[0].code(), "token_rejected");
    EXPECT_NE(replies_[0].message().find("coven login"), std::string::npos);
    EXPECT_EQ(count("ann rejected"), 1);
    EXPECT_EQ(accounts_->presence().state, coven::v1::Presence::STATE_DEGRADED);
    EXPECT_NE(accounts_->presence().reason.find("ann"), std::string::npos);
    const auto asked = server_.refreshes;
    // Neither callers nor time make us ask much more.
    for (int i = 0; i < 20; ++i) call_refresh(0);
    pass(50min);
    EXPECT_EQ(server_.refreshes, asked);
    ASSERT_EQ(replies_.size(), 21u);
    // The store is left alone, in case that Twitch changes its mind.
    EXPECT_FALSE(stored().refresh.empty());
}

TEST_F(AccountsTest, TakesTheNewLoginOfARejectedAccount) {
    start();
    server_.revoke_everything();
    pass(1h);
    ASSERT_EQ(state(), TokenStatus::STATE_REJECTED);
    store_.write(pair_from(server_.give(), "ann")).value();
    pass(1s);
    EXPECT_EQ(state(), TokenStatus::STATE_VALID);
    EXPECT_EQ(accounts_->presence().state, coven::v1::Presence::STATE_READY);
}

TEST_F(AccountsTest, TellsAWrongSetUpFromAWrongToken) {
    start();
    server_.refresh_fault = Kind::misconfigured;
    call_refresh(0);
    pass(1s);
    ASSERT_EQ(replies_.size(), 1u);
    EXPECT_EQ(replies_[0].status(), Reply::FAILED);
    EXPECT_EQ(replies_[0].code(), "no_refresh_token");
    EXPECT_TRUE(server_.is_good(stored().access.reveal()));
    EXPECT_EQ(server_.refreshes, 1);
}

TEST_F(AccountsTest, ATwitchOutOfReachIsNoRejection) {
    start();
    server_.is_down = true;
    call_refresh(0);
    pass(25s);
    ASSERT_EQ(replies_.size(), 1u);
    EXPECT_EQ(replies_[0].code(), "twitch_unreachable");
    EXPECT_EQ(count("ann rejected"), 0);
}

TEST_F(AccountsTest, StoresWhatTwitchGaveAlthoughItIsToldToStop) {
    start();
    const auto before = obtained_us();
    server_.holds_answers = true;
    pass(1min);
    call_refresh(before);
    pass(1s);
    ASSERT_EQ(server_.refreshes, 1);
    stop_.emit(asio::cancellation_type::terminal);
    pass(1s);
    EXPECT_TRUE(running_);
    server_.let_go();
    stop();
    EXPECT_GT(obtained_us(), before);
    EXPECT_TRUE(server_.is_good(stored().access.reveal()));
    EXPECT_EQ(stored().previous_refresh.reveal(), "refresh-1");
}

TEST_F(AccountsTest, SaysAtOnceWhenANewPairIsRefreshedAgain) {
    start();
    pass(1min);
    call_refresh(0);
    ASSERT_EQ(replies_.size(), 1u);
    ASSERT_EQ(replies_[0].status(), Reply::OK) << replies_[0].message();
    pass(5s);
    call_refresh(0);
    ASSERT_EQ(replies_.size(), 2u);
    EXPECT_EQ(replies_[1].code(), "not_yet");
    EXPECT_EQ(replies_[1].message(),
              "'ann': its token is new, and is refreshed again in 25 s at the earliest; ask again "
              "then");
    EXPECT_EQ(replies_[1].retry_after_ms(), 25'000u);
    EXPECT_EQ(server_.refreshes, 1);
    // Somebody did ask.
    pass(25s);
    EXPECT_EQ(server_.refreshes, 2);
    // One whose deadline is later waits for it.
    pass(15s);
    call_refresh(0);
    EXPECT_EQ(replies_.size(), 2u);
    pass(15s);
    ASSERT_EQ(replies_.size(), 3u);
    EXPECT_EQ(replies_[2].status(), Reply::OK);
}

TEST_F(AccountsTest, PrefersALoginToTheRefreshOfThePairBefore) {
    start();
    server_.holds_answers = true;
    pass(1min);
    call_refresh(0);
    pass(1s);
    auto login = pair_from(server_.give(), "ann");
    login.scopes = {"chat:read", "chat:edit"};
    store_.write(login).value();
    server_.let_go();
    pass(1s);
    EXPECT_EQ(stored().access.reveal(), login.access.reveal());
    ASSERT_EQ(replies_.size(), 1u);
    EXPECT_EQ(replies_[0].status(), Reply::OK);
}

TEST_F(AccountsTest, AsksForNoPairThatItCouldNotStore) {
    start();
    std::string code;
    {
        const NoRoom full;
        pass(1min);
        call_refresh(0);
        pass(25s);
    }
    EXPECT_EQ(server_.refreshes, 0);
    ASSERT_EQ(replies_.size(), 1u);
    EXPECT_EQ(replies_[0].code(), "store_fault");
    EXPECT_EQ(accounts_->presence().state, coven::v1::Presence::STATE_DEGRADED);
    pass(5min);
    EXPECT_EQ(server_.refreshes, 1);
    EXPECT_EQ(accounts_->presence().state, coven::v1::Presence::STATE_READY);
}

TEST_F(AccountsTest, KeepsWhatTwitchGaveUntilThereIsRoom) {
    start();
    const auto before = obtained_us();
    server_.holds_answers = true;
    pass(1min);
    call_refresh(0);
    pass(1s);
    {
        const NoRoom full;
        server_.let_go();
        pass(10s);
        EXPECT_EQ(obtained_us(), before);
    }
    pass(2s);
    EXPECT_GT(obtained_us(), before);
    EXPECT_EQ(server_.refreshes, 1);
    EXPECT_TRUE(server_.is_good(stored().access.reveal()));
}

TEST_F(AccountsTest, LooksAfterWhoComesAndNotAfterWhoGoes) {
    start();
    server_.login = "bob";
    store_.write(pair_from(server_.give(), "bob")).value();
    pass(1s);
    EXPECT_EQ(count("bob validated"), 1);
    store_.remove("ann").value();
    pass(1s);
    EXPECT_EQ(count("ann revoked"), 1);
    EXPECT_FALSE(numbers_.accounts.contains("ann"));
    call_refresh(0);
    settle();
    ASSERT_EQ(replies_.size(), 1u);
    EXPECT_EQ(replies_[0].status(), Reply::REJECTED);
    EXPECT_EQ(replies_[0].code(), "no_account");
    EXPECT_NE(replies_[0].message().find("bob"), std::string::npos);
}

TEST_F(AccountsTest, FollowsAnAccountThatIsCalledOtherwiseNow) {
    server_.login = "ann_2";
    start();
    pass(1s);
    EXPECT_EQ(store_.logins().value(), std::vector<std::string>{"ann_2"});
    EXPECT_EQ(stored("ann_2").access.reveal(), "access-1");
    EXPECT_EQ(count("ann_2 validated"), 1);
}

TEST_F(AccountsTest, SaysWhatIsWrongWithAFileAndGoesOnWithTheOthers) {
    ::chmod((store_.folder() + "/ann.json").c_str(), 0644);
    server_.login = "bob";
    store_.write(pair_from(server_.give(), "bob")).value();
    start();
    EXPECT_EQ(events_, std::vector<std::string>{"bob validated"});
    EXPECT_NE(accounts_->presence().reason.find("chmod 600"), std::string::npos);
    server_.login = "ann";
    ::chmod((store_.folder() + "/ann.json").c_str(), 0600);
    pass(1min);
    EXPECT_EQ(count("ann validated"), 1);
    EXPECT_EQ(accounts_->presence().state, coven::v1::Presence::STATE_READY);
}

}  // namespace
}  // namespace token
