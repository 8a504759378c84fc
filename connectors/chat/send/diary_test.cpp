#include "send/diary.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;

class DiaryTest : public testing::Test {
  protected:
    std::vector<coven::Time> read(coven::Time since) {
        return SendDiary::open(folder_.file("sent")).value().read("bot", since).value();
    }

    coven::TempFolder folder_;
    SendDiary diary_ = SendDiary::open(folder_.file("sent")).value();
    coven::Time now_{1000000s};
};

TEST_F(DiaryTest, KnowsAfterARestartWhatWasWritten) {
    EXPECT_TRUE(read(coven::Time{}).empty());
    diary_.note("bot", now_, now_).value();
    diary_.note("bot", now_ + 5s, now_).value();
    diary_.note("other", now_ + 5s, now_).value();
    EXPECT_EQ(read(now_ - 1s), (std::vector<coven::Time>{now_, now_ + 5s}));
    EXPECT_EQ(read(now_), (std::vector<coven::Time>{now_ + 5s}));
}

TEST_F(DiaryTest, DropsWhatIsOldBeforeItGrowsLong) {
    for (int i = 0; i < 3000; ++i) diary_.note("bot", now_ + i * 1s, now_ + (i - 30) * 1s).value();
    EXPECT_LT(std::filesystem::file_size(folder_.file("sent") + "/bot"), 30000u);
    EXPECT_EQ(read(now_ + 2970s).size(), 29u);
}

TEST_F(DiaryTest, SaysWhenItCannotBeReadOrWritten) {
    std::ofstream(folder_.file("sent") + "/bot") << "12\nnonsense\n";
    EXPECT_NE(diary_.read("bot", now_).error().message.find("not what was written"),
              std::string::npos);
    EXPECT_TRUE(SendDiary::open("/dev/null/sent").has_error());
    std::filesystem::remove_all(folder_.file("sent"));
    EXPECT_TRUE(diary_.note("bot", now_, now_).has_error());
}

}  // namespace
}  // namespace chat
