#include "data_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven::broker {
namespace {

std::string error_of(const Result<DataFolder>& result) {
    return result.has_error() ? result.error().message : "";
}

TEST(DataFolder, IsWhereTheEnvironmentSays) {
    EXPECT_EQ(default_data_folder({{"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"},
                                   {"XDG_STATE_HOME", "/x"},
                                   {"HOME", "/h"}}),
              "/var/lib/a");
    EXPECT_EQ(default_data_folder({{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}), "/x/coven/broker");
    EXPECT_EQ(default_data_folder({{"XDG_STATE_HOME", ""}, {"HOME", "/h"}}),
              "/h/.local/state/coven/broker");
    EXPECT_FALSE(default_data_folder({}));
}

TEST(DataFolder, GivesGreaterEpochsWhateverTheClockSays) {
    const TempFolder folder;
    auto data = DataFolder::open(folder.file("data"));
    ASSERT_TRUE(data.has_value());
    EXPECT_EQ(data->next_epoch(1000).value(), 1000u);
    EXPECT_EQ(data->next_epoch(1000).value(), 1001u);
    EXPECT_EQ(data->next_epoch(5).value(), 1002u);
    EXPECT_EQ(data->next_epoch(2000).value(), 2000u);
}

TEST(DataFolder, KeepsTheEpochForTheNextBroker) {
    const TempFolder folder;
    { DataFolder::open(folder.path()).value().next_epoch(1000).value(); }
    auto again = DataFolder::open(folder.path());
    ASSERT_TRUE(again.has_value()) << "the lock ends with its holder";
    EXPECT_EQ(again->next_epoch(7).value(), 1001u);
}

TEST(DataFolder, IsForOneBrokerAtATime) {
    const TempFolder folder;
    const auto first = DataFolder::open(folder.path());
    EXPECT_EQ(error_of(DataFolder::open(folder.path())),
              "another broker uses the data folder '" + folder.path() +
                  "': stop it, or set [broker] data to another folder");
}

TEST(DataFolder, ThatCannotBeMadeIsSaid) {
    const TempFolder folder;
    std::ofstream(folder.file("file")) << "x";
    const auto message = error_of(DataFolder::open(folder.file("file") + "/data"));
    EXPECT_NE(message.find("cannot make the data folder '"), std::string::npos) << message;
}

TEST(DataFolder, ThatCannotBeLockedOrWrittenIsSaid) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.file("lock"));
    const auto message = error_of(DataFolder::open(folder.path()));
    EXPECT_NE(message.find("cannot write '" + folder.file("lock")), std::string::npos) << message;

    auto data = DataFolder::open(folder.file("data"));
    std::filesystem::create_directory(folder.file("data/epoch.new"));
    const auto epoch = data->next_epoch(1);
    ASSERT_TRUE(epoch.has_error());
    EXPECT_NE(epoch.error().message.find("cannot write '"), std::string::npos);
}

TEST(DataFolder, WithADamagedEpochIsNotUsed) {
    for (const char* text : {"", "x", "12", "12x\n", "-1\n", "0\n", "99999999999999999999\n"}) {
        const TempFolder folder;
        std::ofstream(folder.file("epoch")) << text;
        const auto epoch = DataFolder::open(folder.path()).value().next_epoch(1);
        ASSERT_TRUE(epoch.has_error()) << text;
        EXPECT_NE(epoch.error().message.find("holds no epoch"), std::string::npos);
    }
}

}  // namespace
}  // namespace coven::broker
