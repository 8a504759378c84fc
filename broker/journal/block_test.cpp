#include "journal/block.hpp"

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "journal/checksum.hpp"

namespace coven::broker {
namespace {

const BlockHeader header = {7, 2, 100, 5, 9, 1'000, 2'000, 3};

std::string sealed(const std::vector<std::string>& frames) {
    std::string block(block_header_bytes, '\0');
    for (const auto& frame : frames) {
        const auto length = static_cast<std::uint32_t>(frame.size());
        block.append(reinterpret_cast<const char*>(&length), sizeof length);
        block += frame;
    }
    seal_block(block.data(), block.size(), header);
    return block;
}

std::string fault_of(const BlockKey& key, const std::string& stored) {
    const auto block = read_block(key, stored);
    return block.has_error() ? block.error().message : "";
}

TEST(Checksum, IsTheOneOfCastagnoli) {
    // The check value of CRC-32C: https://reveng.sourceforge.io/crc-catalogue/ (read 2026-11-22)
    EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
    EXPECT_EQ(crc32c("56789", crc32c("1234")), 0xe3069283u);
    EXPECT_EQ(crc32c(""), 0u);
}

TEST(Block, GivesBackWhatWasPutIn) {
    const auto stored = sealed({"one", std::string("t\0wo", 4), ""});
    const auto block = read_block({7, 5}, stored).value();
    EXPECT_EQ(block.header.family, 7);
    EXPECT_EQ(block.header.count, 2u);
    EXPECT_EQ(block.header.bus_epoch, 100u);
    EXPECT_EQ(block.header.first_offset, 5u);
    EXPECT_EQ(block.header.last_offset, 9u);
    EXPECT_EQ(block.header.first_us, 1'000u);
    EXPECT_EQ(block.header.last_us, 2'000u);
    EXPECT_EQ(block.header.previous_offset, 3u);
    FrameWalk walk(block.entries);
    EXPECT_EQ(walk.next()->frame, "one");
    EXPECT_EQ(walk.next()->frame, std::string_view("t\0wo", 4));
    EXPECT_EQ(walk.next()->frame, "");
    EXPECT_FALSE(walk.next());
}

TEST(Block, WithAnyFlippedBitIsRefusedByName) {
    const auto whole = sealed({"one", "two"});
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        auto broken = whole;
        broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
        EXPECT_EQ(fault_of({7, 5}, broken),
                  "the block of family 7 at offset 5 has a wrong checksum")
            << bit;
    }
}

TEST(Block, ThatStandsElsewhereOrIsCutIsRefused) {
    const auto whole = sealed({"one"});
    EXPECT_EQ(fault_of({7, 6}, whole), "the block of family 7 at offset 6 belongs elsewhere");
    EXPECT_EQ(fault_of({8, 5}, whole), "the block of family 8 at offset 5 belongs elsewhere");
    EXPECT_EQ(fault_of({7, 5}, whole.substr(0, 63)),
              "the block of family 7 at offset 5 is too short");
    EXPECT_EQ(fault_of({7, 5}, whole + "x"),
              "the block of family 7 at offset 5 has a wrong checksum");
}

TEST(Block, OfANewerVersionIsRefused) {
    auto newer = sealed({"one"});
    newer[4] = 3;
    const auto checksum = crc32c(std::string_view(newer).substr(4));
    std::memcpy(newer.data(), &checksum, sizeof checksum);
    EXPECT_EQ(fault_of({7, 5}, newer),
              "the block of family 7 at offset 5 was written by a newer version");
}

TEST(Block, CanBeAskedForItsHeaderAlone) {
    auto stored = sealed({"one"});
    EXPECT_EQ(peek_block({7, 5}, stored)->last_offset, 9u);
    EXPECT_FALSE(peek_block({7, 6}, stored));
    EXPECT_FALSE(peek_block({7, 5}, stored.substr(0, 20)));
}

TEST(BlockKey, SortsByFamilyThenOffset) {
    EXPECT_LT(BlockKey(1, 300).bytes(), BlockKey(2, 1).bytes());
    EXPECT_LT(BlockKey(1, 255).bytes(), BlockKey(1, 256).bytes());
    const auto key = BlockKey::read(BlockKey(300, 1ull << 40).bytes());
    EXPECT_EQ(key->family(), 300);
    EXPECT_EQ(key->first_offset(), 1ull << 40);
    EXPECT_FALSE(BlockKey::read("short"));
}

}  // namespace
}  // namespace coven::broker
