// Bytes that are not what was written, anywhere in the data file.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_process.hpp"
#include "journal/journal_samples.hpp"
#include "journal/numbered_frames.hpp"

namespace coven::broker {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t events = 1500;
constexpr std::uint64_t page_bytes = 4096;
// Of journal_child.
constexpr int refused_status = 3;
constexpr int wrong_status = 4;

/// A journal of some megabytes, in blocks of all sizes.
void write_journal(const std::string& folder) {
    OpenJournal journal(sample_options(folder));
    journal->start_epoch(first_sample_epoch, 1).value();
    for (std::uint64_t offset = 1; offset <= events; ++offset) {
        journal->append(numbered_frame(offset, first_sample_epoch, 100 + offset % 7 * 200));
        if (offset % 40 != 0) continue;
        journal.await(offset);
    }
}

void flip(const std::string& path, std::uint64_t at, int mask) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(file.get() ^ mask);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
}

class DamageTest : public testing::Test {
  protected:
    DamageTest() { write_journal(folder_.file("whole")); }

    /// What becomes of a copy in which `count` bytes from `at` on are flipped.
    Verdict look_at_damaged(std::uint64_t at, std::size_t count) {
        fs::remove_all(folder_.file("broken"));
        fs::create_directory(folder_.file("broken"));
        fs::copy_file(folder_.file("whole/data.mdb"), broken_);
        for (std::size_t i = 0; i < count; ++i) flip(broken_, at + i, 0x41);
        return check_journal(folder_.file("broken"), events);
    }
    /// Those that hold keys: an LMDB page begins with its number, and its flags (1 branch, 2 leaf)
    /// stand at byte 10.
    std::vector<std::uint64_t> tree_pages() const {
        std::vector<std::uint64_t> pages;
        std::ifstream file(folder_.file("whole/data.mdb"), std::ios::binary);
        for (std::uint64_t page = 0; page < size() / page_bytes; ++page) {
            std::uint64_t number = 0;
            std::uint32_t flags = 0;
            file.seekg(static_cast<std::streamoff>(page * page_bytes));
            file.read(reinterpret_cast<char*>(&number), sizeof number);
            file.read(reinterpret_cast<char*>(&flags), sizeof flags);
            const auto kind = flags >> 16;
            if (number == page && (kind == 1 || kind == 2)) pages.push_back(page);
        }
        return pages;
    }
    std::uint64_t size() const { return fs::file_size(folder_.file("whole/data.mdb")); }

    TempFolder folder_;
    std::string broken_ = folder_.file("broken/data.mdb");
};

/// Counts what becomes of damaged copies, and demands that none is served as if it were whole.
class Census {
  public:
    void count(const Verdict& verdict, std::uint64_t at) {
        EXPECT_NE(verdict.status, wrong_status) << "flipped at " << at << ": " << verdict.words;
        if (verdict.status == 0) return void(++readable);
        if (verdict.status != refused_status) return void(++died);
        EXPECT_NE(verdict.words, "") << "a reason is given";
        ++refused;
    }
    void print() const {
        std::cout << readable << " readable, holes and all; " << refused << " refused; " << died
                  << " ended the process\n";
    }

    int readable = 0;
    int refused = 0;
    int died = 0;
};

TEST_F(DamageTest, IsNeverServed) {
    constexpr int positions = 150;
    std::mt19937_64 random(20261122);
    Census census;
    for (int i = 0; i < positions; ++i) {
        const auto at = random() % (size() - 16);
        census.count(look_at_damaged(at, i % 2 == 0 ? 1 : 16), at);
    }
    census.print();
    EXPECT_GT(census.readable, positions / 2);
}

TEST_F(DamageTest, OfTheTreeMayEndTheProcessButShowsNothingWrong) {
    constexpr int flips_per_page = 10;
    std::mt19937_64 random(20261122);
    Census census;
    for (const auto page : tree_pages()) {
        for (int i = 0; i < flips_per_page; ++i) {
            // Half of them in the header and the first pointers, where the damage is greatest.
            const auto at = page * page_bytes + random() % (i % 2 == 0 ? 32 : page_bytes);
            census.count(look_at_damaged(at, 1), at);
        }
    }
    census.print();
    EXPECT_GT(census.refused, 0);
}

}  // namespace
}  // namespace coven::broker
