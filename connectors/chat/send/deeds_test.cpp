// What moderators do, against the simulator's Helix.

#include "send/deeds.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/command.hpp"
#include "coven_testing/moved_clock.hpp"
#include "coven_testing/played_tokens.hpp"
#include "coven_testing/test_jobs.hpp"
#include "coven_testing/turn_until.hpp"
#include "send/orders.hpp"
#include "twitch.hpp"

namespace chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using coven::sim::ApiHost;
using coven::sim::Role;
using coven::v1::Reply;
using Scopes = std::vector<std::string>;

const Scopes all_scopes = {"moderator:manage:announcements", "moderator:manage:banned_users",
                           "moderator:manage:chat_messages", "moderator:manage:shoutouts"};

/// "bot", a moderator of "xqc", on a clock that the test moves.
class DeedsTest : public testing::Test {
  protected:
    DeedsTest() {
        coven::sim::introduce({.chat = *server_, .api = *api_});
        for (const char* login : {"bot", "xqc", "troll", "friend", "other"}) server_->meet(login);
        server_->chat().book.set_role("xqc", "bot", Role::moderator);
        shop_.helix_url = api_->url(ApiHost::helix);
        auto tokens = std::make_unique<coven::testing::PlayedTokens>();
        tokens_ = tokens.get();
        tokens_->account = "bot";
        tokens_->user_id = coven::sim::numeric_id("bot");
        tokens_->client_id = "simpublic";
        desk_ = std::make_unique<SendDesk>(shop_, "bot", std::move(tokens));
        grant(all_scopes, all_scopes);
        jobs_.start(server_->run());
        jobs_.start(api_->run());
    }
    ~DeedsTest() override { jobs_.finish(); }

    /// What Twitch has, and what we believe.
    void grant(const Scopes& really, const Scopes& known) {
        api_->accounts().import("token-1", "bot", really);
        tokens_->scopes = known;
    }
    asio::awaitable<void> carry_out(Deed deed, Reply& reply, bool& done) {
        reply = co_await deeds_.carry_out(*desk_, std::move(deed));
        done = true;
    }
    struct Asked {
        Reply reply;
        bool done = false;
    };
    template <class Payload>
    Asked& begin(const std::string& verb, const Payload& payload) {
        auto& asked = *asked_.emplace_back(std::make_unique<Asked>());
        auto request = coven::request_of(verb, payload);
        request.set_deadline_ms(30000);
        auto understood = understand(request, clock_);
        auto* deed = std::get_if<Deed>(&understood.what);
        if (deed != nullptr) {
            jobs_.start(carry_out(std::move(*deed), asked.reply, asked.done));
        } else {
            asked.reply = std::get<Reply>(understood.what);
            asked.done = true;
        }
        return asked;
    }
    Reply outcome(const Asked& asked) {
        const auto go_on = [this] {
            if (http_.pending() == 0) clock_.advance(io_, 100ms);
        };
        EXPECT_TRUE(coven::testing::turn_until(
            io_, [&] { return asked.done; }, go_on));
        return asked.reply;
    }
    template <class Payload>
    Reply ask(const std::string& verb, const Payload& payload) {
        return outcome(begin(verb, payload));
    }
    Reply remove(const std::string& id) {
        twitch::v1::ChatDelete payload;
        payload.set_channel("xqc");
        payload.set_message_id(id);
        return ask("chat.delete", payload);
    }
    static twitch::v1::ChatAnnounce announcement(const std::string& text) {
        twitch::v1::ChatAnnounce payload;
        payload.set_channel("xqc");
        payload.set_text(text);
        payload.set_colour("blue");
        return payload;
    }
    Reply announce(const std::string& text) { return ask("chat.announce", announcement(text)); }
    Reply time_out(const std::string& user) {
        twitch::v1::ChatTimeout payload;
        payload.set_channel("xqc");
        payload.set_user(user);
        payload.set_seconds(60);
        payload.set_reason("so \"rude\"");
        return ask("chat.timeout", payload);
    }
    Reply ban(const std::string& user) {
        twitch::v1::ChatBan payload;
        payload.set_channel("xqc");
        payload.set_user(user);
        return ask("chat.ban", payload);
    }
    Reply unban(const std::string& user) {
        twitch::v1::ChatUnban payload;
        payload.set_channel("xqc");
        payload.set_user(user);
        return ask("chat.unban", payload);
    }
    Reply shout(const std::string& user) {
        twitch::v1::ChatShoutout payload;
        payload.set_channel("xqc");
        payload.set_user(user);
        return ask("chat.shoutout", payload);
    }
    /// The id of a line that somebody has just said.
    std::string said_by(const std::string& login) {
        server_->say("xqc", login, "hm");
        return server_->chat().recent.last_of("xqc", login)->id;
    }
    /// One of each.
    std::vector<Reply> try_all() {
        return {remove(said_by("troll")), announce("hear!"), time_out("troll"), ban("troll"),
                unban("troll"),           shout("friend")};
    }
    /// "timeout troll" and so on, in order.
    std::vector<std::string> done() {
        std::vector<std::string> done;
        for (const auto& deed : server_->chat().deeds.last()) {
            EXPECT_EQ(deed.account + " in " + deed.channel, "bot in xqc");
            done.push_back(deed.kind + " " + deed.text);
        }
        return done;
    }

    asio::io_context io_{1};
    coven::testing::MovedClock clock_;
    std::unique_ptr<coven::sim::ChatServer> server_ =
        coven::sim::ChatServer::listen(io_, clock_, {}).value();
    std::unique_ptr<coven::sim::ApiServer> api_ =
        coven::sim::ApiServer::listen(io_, clock_, server_->users(), {}).value();
    coven::HttpClient http_{io_.get_executor(), clock_, {}};
    ChannelIds ids_{clock_};
    SendNumbers numbers_;
    SendShop shop_{clock_, http_, ids_, numbers_, io_.get_executor(), nullptr, {}, {}, "", {}, {}};
    coven::testing::PlayedTokens* tokens_ = nullptr;
    std::unique_ptr<SendDesk> desk_;
    Deeds deeds_{clock_, ids_};
    std::vector<std::unique_ptr<Asked>> asked_;
    coven::testing::TestJobs jobs_{io_};
};

TEST_F(DeedsTest, DoesEachOfThem) {
    const auto id = said_by("troll");
    EXPECT_EQ(remove(id).status(), Reply::OK);
    EXPECT_EQ(announce("hear!").status(), Reply::OK);
    const auto reply = time_out("troll");
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    twitch::v1::ChatDone answer;
    ASSERT_TRUE(reply.payload().UnpackTo(&answer));
    EXPECT_EQ(answer.until(), "2026-01-01T00:01:00Z");
    EXPECT_EQ(answer.channel() + " " + answer.channel_id(), "xqc " + coven::sim::numeric_id("xqc"));
    EXPECT_EQ(answer.user() + " " + answer.user_id(), "troll " + coven::sim::numeric_id("troll"));
    EXPECT_EQ(answer.account(), "bot");
    EXPECT_EQ(ban("troll").status(), Reply::OK);
    EXPECT_EQ(unban("troll").status(), Reply::OK);
    EXPECT_EQ(shout("friend").status(), Reply::OK);
    EXPECT_EQ(done(),
              (std::vector<std::string>{"delete " + id, "announcement hear!", "timeout troll",
                                        "ban troll", "unban troll", "shoutout friend"}));
}

TEST_F(DeedsTest, SaysWhichScopeIsMissingAndHowToGetIt) {
    grant(all_scopes, {"user:write:chat"});
    std::size_t number = 0;
    const Scopes missing = {all_scopes[2], all_scopes[0], all_scopes[1],
                            all_scopes[1], all_scopes[1], all_scopes[3]};
    for (const auto& reply : try_all()) {
        const auto& scope = missing.at(number++);
        std::string cure("account 'bot' has not granted ");
        cure.append(scope).append("; log in again: coven login --scopes ").append(scope);
        EXPECT_EQ(reply.status(), Reply::NO_ROUTE);
        EXPECT_EQ(reply.message(), cure.append(",user:write:chat"));
    }
    EXPECT_TRUE(api_->calls().empty()) << "Twitch was asked in vain";
}

TEST_F(DeedsTest, SaysWhatTwitchSaysOfAScopeThatIsGone) {
    grant({"user:write:chat"}, all_scopes);
    for (const auto& reply : try_all()) {
        EXPECT_EQ(reply.status(), Reply::FAILED);
        EXPECT_EQ(reply.code(), "scope_missing");
        EXPECT_NE(reply.message().find("Missing scope: moderator:manage:"), std::string::npos)
            << reply.message();
    }
    EXPECT_TRUE(done().empty());
}

TEST_F(DeedsTest, SaysThatTheRoleIsMissing) {
    server_->chat().book.set_role("xqc", "bot", Role::vip);
    for (const auto& reply : try_all()) {
        EXPECT_EQ(reply.status(), Reply::FAILED);
        EXPECT_EQ(reply.code(), "twitch_403");
        EXPECT_NE(reply.message().find("is not one of the broadcaster's moderators"),
                  std::string::npos)
            << reply.message();
    }
    EXPECT_TRUE(done().empty());
}

TEST_F(DeedsTest, SaysWhyTwitchDoesNotWantIt) {
    server_->chat().book.set_role("xqc", "friend", Role::moderator);
    EXPECT_EQ(remove("44f85d39-b5fb-475d-8555-f4244f2f7e82").code(), "twitch_404");
    EXPECT_EQ(remove(said_by("friend")).code(), "twitch_400");
    EXPECT_EQ(ban("friend").code(), "twitch_400");
    EXPECT_EQ(ban("troll").status(), Reply::OK);
    const auto again = ban("troll");
    EXPECT_NE(again.message().find("already banned"), std::string::npos) << again.message();
    EXPECT_NE(again.message().find("'troll' in channel 'xqc'"), std::string::npos)
        << again.message();
    EXPECT_EQ(unban("other").code(), "twitch_400");
    EXPECT_EQ(shout("xqc").code(), "twitch_400");
    const auto ghost = time_out("ghost");
    EXPECT_EQ(ghost.status(), Reply::FAILED);
    EXPECT_EQ(ghost.code(), "user_unknown");
    EXPECT_EQ(done(), (std::vector<std::string>{"ban troll"}));
}

TEST_F(DeedsTest, LetsAnnouncementsWaitForEachOther) {
    std::vector<const Asked*> asked;
    for (const char* text : {"one", "two", "three"}) {
        asked.push_back(&begin("chat.announce", announcement(text)));
    }
    for (const auto* one : asked) EXPECT_EQ(outcome(*one).status(), Reply::OK);
    const auto& deeds = server_->chat().deeds.last();
    ASSERT_EQ(deeds.size(), 3u);
    for (std::size_t i = 1; i < 3; ++i) EXPECT_GE(deeds[i].time - deeds[i - 1].time, 2s);
    auto hasty = announcement("four");
    hasty.set_on_limit(twitch::v1::ON_LIMIT_DROP);
    const auto reply = ask("chat.announce", hasty);
    EXPECT_EQ(reply.status(), Reply::RATE_LIMITED);
    EXPECT_GT(reply.retry_after_ms(), 0u);
    EXPECT_LE(reply.retry_after_ms(), 2200u);
}

TEST_F(DeedsTest, SaysWhenTheNextShoutoutIsAllowed) {
    EXPECT_EQ(shout("friend").status(), Reply::OK);
    auto reply = shout("other");
    EXPECT_EQ(reply.status(), Reply::RATE_LIMITED);
    EXPECT_NEAR(static_cast<double>(reply.retry_after_ms()), 121000, 1000);
    clock_.advance(io_, 2min + 1s);
    EXPECT_EQ(shout("other").status(), Reply::OK);
    clock_.advance(io_, 2min + 1s);
    reply = shout("friend");
    EXPECT_EQ(reply.status(), Reply::RATE_LIMITED) << "the same once an hour";
    EXPECT_GT(reply.retry_after_ms(), 50u * 60 * 1000);
    clock_.advance(io_, 1h);
    EXPECT_EQ(shout("friend").status(), Reply::OK);
}

TEST_F(DeedsTest, DoesNotWaitAfterWhatWasRefused) {
    server_->chat().book.set_role("xqc", "bot", Role::viewer);
    EXPECT_EQ(shout("friend").code(), "twitch_403");
    server_->chat().book.set_role("xqc", "bot", Role::moderator);
    // Somebody gave one by hand.
    server_->chat().book.of("xqc").last_shoutout = clock_.instant();
    auto reply = shout("friend");
    EXPECT_EQ(reply.status(), Reply::RATE_LIMITED);
    EXPECT_EQ(reply.code(), "twitch_429");
    clock_.advance(io_, 2min);
    reply = shout("friend");
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
}

}  // namespace
}  // namespace chat
