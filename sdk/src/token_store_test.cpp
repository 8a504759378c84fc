#include "coven/token_store.hpp"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coven/temp_folder.hpp"
#include "coven_testing/no_room.hpp"
#include "token_sample_for_test.hpp"

namespace coven {
namespace {

namespace fs = std::filesystem;

class TokenStoreTest : public ::testing::Test {
  public:
    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    static void put(const std::string& path, const std::string& text) {
        std::ofstream(path) << text;
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    }
    static std::string words(const Result<std::optional<StoredToken>>& read) {
        return read.has_error() ? read.error().message : "no error";
    }
    static std::string number(const Result<std::optional<StoredToken>>& read) {
        return std::string(read.value().value().refresh.reveal());
    }
    static mode_t mode_of(const std::string& path) {
        struct stat found {};
        EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
        return found.st_mode & 07777;
    }

    TempFolder temp_;
    const std::string folder_ = temp_.file("state/tokens");
    TokenStore store_ = TokenStore::open(folder_).value();
};

TEST_F(TokenStoreTest, GivesBackWhatWasWritten) {
    auto token = sample_token("some_login", 7);
    token.validated_at = token.obtained_at + std::chrono::seconds(1);
    token.previous_access = Secret("access-6");
    token.previous_refresh = Secret("refresh-6");
    ASSERT_TRUE(store_.write(token));
    const auto read = store_.read("some_login").value().value();
    EXPECT_EQ(read.login, token.login);
    EXPECT_EQ(read.user_id, token.user_id);
    EXPECT_EQ(read.client_id, token.client_id);
    EXPECT_EQ(read.scopes, token.scopes);
    EXPECT_EQ(read.access.reveal(), "access-7");
    EXPECT_EQ(read.refresh.reveal(), "refresh-7");
    EXPECT_EQ(read.previous_access.reveal(), "access-6");
    EXPECT_EQ(read.previous_refresh.reveal(), "refresh-6");
    EXPECT_EQ(read.obtained_at, token.obtained_at);
    EXPECT_EQ(read.expires_at, token.expires_at);
    EXPECT_EQ(read.validated_at, token.validated_at);
}

TEST_F(TokenStoreTest, KeepsATokenThatNeverExpires) {
    auto token = sample_token("old", 1);
    token.expires_at = Time::max();
    ASSERT_TRUE(store_.write(token));
    EXPECT_EQ(store_.read("old").value().value().expires_at, Time::max());
}

TEST_F(TokenStoreTest, IsForItsOwnerAlone) {
    const auto before = ::umask(0);
    auto open = TokenStore::open(temp_.file("other")).value();
    EXPECT_TRUE(open.write(sample_token("a", 1)));
    EXPECT_TRUE(open.own());
    ::umask(before);
    EXPECT_EQ(mode_of(temp_.file("other")), 0700u);
    for (const char* name : {"/a.json", "/lock", "/owner"}) {
        EXPECT_EQ(mode_of(temp_.file("other") + name), 0600u) << name;
    }
}

TEST_F(TokenStoreTest, ListsAccountsAlone) {
    ASSERT_TRUE(store_.write(sample_token("zoe", 1)));
    ASSERT_TRUE(store_.write(sample_token("ann_2", 1)));
    put(path("Not-A-Login.json"), "");
    put(path("zoe.json.new"), "");
    EXPECT_EQ(store_.logins().value(), (std::vector<std::string>{"ann_2", "zoe"}));
    EXPECT_FALSE(store_.read("nobody").value());
}

TEST_F(TokenStoreTest, RefusesWhatIsNoLogin) {
    for (const char* login :
         {"", "..", "../../etc/passwd", "A", "a.b", "a/b", "ä", "abcdefghijklmnopqrstuvwxyz"}) {
        EXPECT_TRUE(store_.read(login).has_error()) << login;
        EXPECT_TRUE(store_.remove(login).has_error()) << login;
        EXPECT_TRUE(store_.write(sample_token(login, 1)).has_error()) << login;
    }
}

TEST_F(TokenStoreTest, RefusesAFolderThatOthersMayEnter) {
    fs::permissions(folder_, fs::perms::group_exec, fs::perm_options::add);
    const auto opened = TokenStore::open(folder_ + "/");
    ASSERT_TRUE(opened.has_error());
    EXPECT_NE(opened.error().message.find("`chmod 700 " + folder_ + "`"), std::string::npos)
        << opened.error().message;
}

TEST_F(TokenStoreTest, RefusesAFileThatOthersMayRead) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    fs::permissions(path("a.json"), fs::perms::others_read, fs::perm_options::add);
    const auto said = words(store_.read("a"));
    EXPECT_NE(said.find("`chmod 600 " + path("a.json") + "`"), std::string::npos) << said;
}

TEST_F(TokenStoreTest, FollowsNoSymbolicLinks) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    fs::create_symlink(folder_, temp_.file("link"));
    for (const char* end : {"", "/", "//"}) {
        const auto opened = TokenStore::open(temp_.file("link") + end);
        ASSERT_TRUE(opened.has_error());
        EXPECT_NE(opened.error().message.find("symbolic link"), std::string::npos);
    }
    fs::create_symlink(path("a.json"), path("b.json"));
    EXPECT_NE(words(store_.read("b")).find("symbolic link"), std::string::npos);
    // It is replaced, and what it led to stays as it is.
    ASSERT_TRUE(store_.write(sample_token("b", 2)));
    EXPECT_EQ(number(store_.read("b")), "refresh-2");
    EXPECT_EQ(number(store_.read("a")), "refresh-1");
}

TEST_F(TokenStoreTest, WritesThroughNoLinkThatSomebodyLeftThere) {
    put(temp_.file("elsewhere"), "precious");
    fs::create_symlink(temp_.file("elsewhere"), path("a.json.new"));
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    EXPECT_EQ(fs::file_size(temp_.file("elsewhere")), 8u);
    fs::remove(path("lock"));
    fs::create_symlink(temp_.file("elsewhere"), path("lock"));
    EXPECT_TRUE(store_.write(sample_token("a", 2)).has_error());
}

TEST_F(TokenStoreTest, RefusesWhatAnotherUserOwns) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    ASSERT_EQ(::chown(path("a.json").c_str(), 12345, 12345), 0);
    EXPECT_NE(words(store_.read("a")).find("belongs to user 12345"), std::string::npos);
    ASSERT_EQ(::chown(folder_.c_str(), 12345, 12345), 0);
    const auto opened = TokenStore::open(folder_);
    ASSERT_TRUE(opened.has_error());
    EXPECT_NE(opened.error().message.find("belongs to user 12345"), std::string::npos);
}

TEST_F(TokenStoreTest, SaysWhatIsWrongWithAFileAndNotWhatIsInIt) {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"{\"access_token\":\"canary", "no JSON object"},
        {"[\"canary\"]", "no JSON object"},
        {R"({"format":1,"login":"a","canary":"canary"})", "holds no token"},
        {R"({"format":2,"login":"a","access_token":"canary"})", "newer Coven"},
        {R"({"format":1,"login":"b","access_token":"canary"})", "another account"},
        {"", "no JSON object"},
        {std::string(300000, ' '), "too large"},
    };
    for (const auto& [text, why] : rows) {
        put(path("a.json"), text);
        const auto said = words(store_.read("a"));
        EXPECT_NE(said.find(why), std::string::npos) << said;
        EXPECT_EQ(said.find("canary"), std::string::npos) << said;
        EXPECT_NE(said.find(path("a.json")), std::string::npos) << said;
    }
    // Logging in again mends it.
    ASSERT_TRUE(store_.write(sample_token("a", 3)));
    EXPECT_EQ(number(store_.read("a")), "refresh-3");
}

TEST_F(TokenStoreTest, ReplacesOnlyThePairThatItKnows) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    const auto one = sample_token("a", 1);
    EXPECT_EQ(store_.replace(sample_token("a", 2), one).value(), TokenStore::Replaced::done);
    EXPECT_EQ(store_.replace(sample_token("a", 3), one).value(), TokenStore::Replaced::outdated);
    EXPECT_EQ(number(store_.read("a")), "refresh-2");
    EXPECT_TRUE(store_.remove("a").value());
    EXPECT_EQ(store_.replace(sample_token("a", 3), sample_token("a", 2)).value(),
              TokenStore::Replaced::outdated);
    EXPECT_FALSE(store_.remove("a").value());
}

TEST_F(TokenStoreTest, FinishesAWholeChangeThatWasCutShort) {
    ASSERT_TRUE(store_.write(sample_token("a", 2)));
    fs::copy_file(path("a.json"), temp_.file("two"));
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    fs::rename(temp_.file("two"), path("a.json.new"));
    put(path("b.json.new"), "{\"format\":1,");
    fs::copy_file(path("a.json"), path("c.json.new"));
    ASSERT_TRUE(store_.recover());
    EXPECT_EQ(number(store_.read("a")), "refresh-2");
    EXPECT_EQ(store_.logins().value(), std::vector<std::string>{"a"});
    for (const char* name : {"a.json.new", "b.json.new", "c.json.new"}) {
        EXPECT_FALSE(fs::exists(path(name))) << name;
    }
}

TEST_F(TokenStoreTest, TakesNothingOlderBack) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    fs::copy_file(path("a.json"), temp_.file("one"));
    ASSERT_TRUE(store_.write(sample_token("a", 2)));
    fs::rename(temp_.file("one"), path("a.json.new"));
    ASSERT_TRUE(store_.recover());
    EXPECT_EQ(number(store_.read("a")), "refresh-2");
}

TEST_F(TokenStoreTest, ChangesNothingWhenItOnlyTries) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    ASSERT_TRUE(store_.try_write(sample_token("a", 2)));
    EXPECT_EQ(number(store_.read("a")), "refresh-1");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(TokenStoreTest, KeepsTheOldPairWhenThereIsNoRoomForTheNew) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    std::optional<Error> refused;
    std::optional<Error> refused_trial;
    {
        const testing::NoRoom full;
        const auto written = store_.write(sample_token("a", 2));
        if (written.has_error()) refused = written.error();
        const auto tried = store_.try_write(sample_token("a", 2));
        if (tried.has_error()) refused_trial = tried.error();
    }
    ASSERT_TRUE(refused && refused_trial);
    EXPECT_NE(refused->message.find("cannot write '" + path("a.json.new")), std::string::npos)
        << refused->message;
    EXPECT_EQ(number(store_.read("a")), "refresh-1");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(TokenStoreTest, SaysThatSomebodyElseIsWriting) {
    ASSERT_TRUE(store_.write(sample_token("a", 1)));
    const int other = ::open(path("lock").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    const auto refused = store_.write(sample_token("a", 2));
    ASSERT_TRUE(refused.has_error());
    EXPECT_NE(refused.error().message.find("fuser " + path("lock")), std::string::npos);
    EXPECT_EQ(number(store_.read("a")), "refresh-1");
    // The lock of somebody who is gone counts for nothing.
    ::close(other);
    EXPECT_TRUE(store_.write(sample_token("a", 2)));
}

TEST_F(TokenStoreTest, HasOneOwnerAtATime) {
    auto other = TokenStore::open(folder_).value();
    {
        const auto mine = store_.own();
        ASSERT_TRUE(mine);
        const auto refused = other.own();
        ASSERT_TRUE(refused.has_error());
        EXPECT_NE(refused.error().message.find("another coven-token"), std::string::npos);
    }
    EXPECT_TRUE(other.own());
}

TEST(TokenFolder, IsWhatIsConfiguredOrTheUsersOwn) {
    const auto with = [](const std::string& folder) {
        Config::Sources sources;
        sources.flags.push_back({"twitch.token_folder", folder, ""});
        return token_folder_of(Config::load(common_settings(), sources).value()).value();
    };
    EXPECT_EQ(with("/some/where"), "/some/where");
    ::unsetenv("STATE_DIRECTORY");
    ::unsetenv("XDG_STATE_HOME");
    ::setenv("HOME", "/srv/me", 1);
    EXPECT_EQ(with(""), "/srv/me/.local/state/coven/tokens");
    ::setenv("XDG_STATE_HOME", "/srv/me/state", 1);
    EXPECT_EQ(with(""), "/srv/me/state/coven/tokens");
    ::setenv("STATE_DIRECTORY", "/var/lib/coven:/var/lib/other", 1);
    EXPECT_EQ(with(""), "/var/lib/coven/tokens");
}

}  // namespace
}  // namespace coven
