#include "users.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using twitch::v1::Users;

TEST(UsersCommand, TellsIdsFromLogins) {
    const auto question = lookup_of({"xqc", "71092938", "@123"}).value();
    EXPECT_EQ(question.ids_size(), 1);
    EXPECT_EQ(question.ids(0), "71092938");
    ASSERT_EQ(question.logins_size(), 2);
    EXPECT_EQ(question.logins(0), "xqc");
    EXPECT_EQ(question.logins(1), "123");
    EXPECT_TRUE(lookup_of({""}).has_error());
    EXPECT_TRUE(lookup_of({"@"}).has_error());
}

TEST(UsersCommand, ShowsWhoTheyAre) {
    Users users;
    auto& user = *users.add_users();
    user.set_id("71092938");
    user.set_login("xqc");
    user.set_display_name("x\x1b[31mQc");
    user.set_seen_us(1'000'000);
    const auto lines = users_page(users, 61'000'000);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_NE(lines[0].find("LOGIN"), std::string::npos);
    EXPECT_NE(lines[1].find("71092938"), std::string::npos);
    EXPECT_NE(lines[1].find("1 min"), std::string::npos) << lines[1];
    EXPECT_EQ(lines[1].find('\x1b'), std::string::npos);
    EXPECT_TRUE(users_page(Users(), 0).empty());
}

TEST(UsersCommand, SaysWhoIsMissingAndWhy) {
    Users users;
    users.add_absent_ids("1");
    users.add_absent_logins("ghost");
    users.add_unasked_logins("somebody");
    users.set_reason("no account is logged in; run `coven login`");
    EXPECT_EQ(missing_lines(users),
              (std::vector<std::string>{
                  "Twitch has nobody with the id 1", "Twitch has nobody by the login 'ghost'",
                  "nobody knows 'somebody': no account is logged in; run `coven login`"}));
}

}  // namespace
}  // namespace coven::cli
