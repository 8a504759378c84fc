#include "coven/store.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "coven/temp_folder.hpp"

namespace coven {
namespace {

constexpr StoreTable fruit{0};
constexpr StoreTable colours{1};

std::unique_ptr<Store> open_store(const std::string& folder, std::size_t map_bytes = 1 << 20) {
    Store::Options options;
    options.folder = folder;
    options.map_bytes = map_bytes;
    options.tables = {"fruit", "colours"};
    return Store::open(options).value();
}

void put(Store& store, std::string_view key, std::string_view value) {
    auto writer = StoreWriter::begin(store).value();
    writer.put(fruit, key, value).value();
    writer.commit().value();
}

unsigned int mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777u;
}

TEST(Store, KeepsWhatWasCommittedForTheNextOne) {
    const TempFolder folder;
    {
        const auto store = open_store(folder.file("a/b"));
        auto writer = StoreWriter::begin(*store).value();
        writer.put(fruit, "apple", "red").value();
        std::memcpy(writer.reserve(fruit, "pear", 5).value(), "green", 5);
        writer.put(colours, "red", "").value();
        writer.commit().value();
    }
    const auto store = open_store(folder.file("a/b"));
    const auto reader = StoreReader::begin(*store).value();
    EXPECT_EQ(reader.find(fruit, "apple").value(), "red");
    EXPECT_EQ(reader.find(fruit, "pear").value(), "green");
    EXPECT_EQ(reader.find(colours, "red").value(), "");
    EXPECT_EQ(reader.find(colours, "green").value(), std::nullopt);
    EXPECT_EQ(reader.count(fruit).value(), 2u);
}

TEST(Store, ForgetsWhatWasNotCommitted) {
    const TempFolder folder;
    const auto store = open_store(folder.path());
    put(*store, "apple", "red");
    {
        auto writer = StoreWriter::begin(*store).value();
        EXPECT_TRUE(writer.erase(fruit, "apple").value());
        EXPECT_FALSE(writer.erase(fruit, "apple").value());
        EXPECT_EQ(writer.find(fruit, "apple").value(), std::nullopt);
    }
    EXPECT_EQ(StoreReader::begin(*store).value().find(fruit, "apple").value(), "red");
}

TEST(Store, ShowsAReaderTheStateOfItsBegin) {
    const TempFolder folder;
    const auto store = open_store(folder.path());
    put(*store, "apple", "red");
    const auto reader = StoreReader::begin(*store).value();
    put(*store, "apple", "green");
    EXPECT_EQ(reader.find(fruit, "apple").value(), "red");
    EXPECT_EQ(StoreReader::begin(*store).value().find(fruit, "apple").value(), "green");
}

TEST(Store, IsWalkedInTheOrderOfItsKeys) {
    const TempFolder folder;
    const auto store = open_store(folder.path());
    for (const char* key : {"c", "a", "e"}) put(*store, key, key);
    auto writer = StoreWriter::begin(*store).value();
    {
        auto cursor = StoreCursor::open(writer, fruit).value();
        EXPECT_TRUE(cursor.seek("b").value());
        EXPECT_EQ(cursor.key(), "c");
        EXPECT_TRUE(cursor.previous().value());
        EXPECT_EQ(cursor.value(), "a");
        EXPECT_FALSE(cursor.previous().value());
        EXPECT_TRUE(cursor.last().value());
        EXPECT_EQ(cursor.key(), "e");
        EXPECT_FALSE(cursor.seek("f").value());
        EXPECT_TRUE(cursor.first().value());
        cursor.erase().value();
        EXPECT_TRUE(cursor.next().value());
        EXPECT_EQ(cursor.key(), "c");
    }
    writer.commit().value();
    EXPECT_EQ(StoreReader::begin(*store).value().count(fruit).value(), 2u);
}

TEST(Store, IsForItsOwnerAlone) {
    const TempFolder folder;
    const auto store = open_store(folder.file("store"));
    EXPECT_EQ(mode_of(folder.file("store")), 0700u);
    EXPECT_EQ(mode_of(folder.file("store/data.mdb")), 0600u);
    EXPECT_EQ(mode_of(folder.file("store/lock.mdb")), 0600u);
}

TEST(Store, IsOpenOnceAtATime) {
    const TempFolder folder;
    const auto store = open_store(folder.path());
    Store::Options options;
    options.folder = folder.path();
    const auto second = Store::open(options);
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().message,
              "the store '" + folder.path() + "' is in use already: stop who has it open");
}

TEST(Store, SaysThatItsMapIsFullAndGoesOnAfterThat) {
    const TempFolder folder;
    const auto store = open_store(folder.path(), 1 << 16);
    {
        auto writer = StoreWriter::begin(*store).value();
        const auto put = writer.reserve(fruit, "apple", 1 << 17);
        ASSERT_TRUE(put.has_error());
        EXPECT_EQ(put.error().kind, StoreError::Kind::no_room);
        EXPECT_NE(put.error().message.find("cannot write into the store '" + folder.path()),
                  std::string::npos)
            << put.error().message;
    }
    put(*store, "apple", "red");
    EXPECT_LE(store->usage().pages * store->usage().page_bytes, store->usage().map_bytes);
}

TEST(Store, SaysWhyItCannotBeOpened) {
    const TempFolder folder;
    std::ofstream(folder.file("file")) << "x";
    Store::Options options;
    options.folder = folder.file("file");
    EXPECT_EQ(Store::open(options).error().code, ENOTDIR);
    options.folder = folder.file("file/below");
    EXPECT_EQ(Store::open(options).error().code, ENOTDIR);

    std::filesystem::create_directory(folder.file("strange"));
    std::ofstream(folder.file("strange/data.mdb")) << std::string(100'000, 'x');
    options.folder = folder.file("strange");
    const auto strange = Store::open(options);
    ASSERT_TRUE(strange.has_error());
    EXPECT_EQ(strange.error().kind, StoreError::Kind::broken) << strange.error().message;
}

TEST(Store, CanBeFlushedByHand) {
    const TempFolder folder;
    Store::Options options;
    options.folder = folder.path();
    options.tables = {"fruit"};
    options.sync = Store::Sync::by_hand;
    const auto store = Store::open(options).value();
    put(*store, "apple", "red");
    EXPECT_TRUE(store->sync().has_value());
}

}  // namespace
}  // namespace coven
