// Disks that are full, and disks that fail.

#include <filesystem>
#include <fstream>
#include <iostream>

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_process.hpp"
#include "journal/journal_samples.hpp"

namespace coven::broker {
namespace {

constexpr const char* event_bytes = "1000";
constexpr const char* flight_bytes = "4000000";
constexpr const char* map_bytes = "1073741824";

std::uint64_t stored_in(const std::string& folder) {
    return OpenJournal(sample_options(folder)).recovered().last_offset;
}

/// All that was acked is there and whole; what was in flight at the fault is said.
void expect_whole(const std::string& folder, const JournalProcess& process,
                  std::uint64_t in_flight) {
    std::cout << in_flight << " events were in flight at the fault\n";
    EXPECT_GT(in_flight, 0u);
    const auto stored = stored_in(folder);
    EXPECT_GE(stored, process.acked());
    const auto verdict = check_journal(folder, stored);
    EXPECT_EQ(verdict.status, 0) << verdict.words;
}

/// It stores, has no room, is given some, and goes on in a new epoch where it was.
template <class MakeRoom>
void run_out_of_room(const std::string& folder, JournalProcess& process, const char* reason,
                     const MakeRoom& make_room) {
    EXPECT_EQ(process.next("epoch"), "1");
    const auto full = process.next("no_room");
    EXPECT_NE(full.find(reason), std::string::npos) << full;
    EXPECT_EQ(full.substr(0, full.find(' ')), std::to_string(process.acked()));
    const auto in_flight = process.in_flight();
    make_room();
    process.next("room_again");
    EXPECT_EQ(process.next("epoch"), "2");
    for (int i = 0; i < 3; ++i) process.next("committed");
    process.kill();
    expect_whole(folder, process, in_flight);
}

/// 64 MiB in memory, for as long as this lives.
class SmallDisk {
  public:
    explicit SmallDisk(const std::string& path) : path_(path) {
        std::filesystem::create_directory(path);
        mounted_ = mount("none", path.c_str(), "tmpfs", 0, "size=64m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) umount2(path_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }

  private:
    std::string path_;
    bool mounted_ = false;
};

TEST(JournalDisk, ThatIsFullStopsTheAcksUntilThereIsRoom) {
    const TempFolder folder;
    const SmallDisk disk(folder.file("disk"));
    if (!disk.mounted()) GTEST_SKIP() << "no leave to mount; the size limit below tests the same";
    const auto ballast = folder.file("disk/ballast");
    std::ofstream(ballast) << std::string(std::size_t{40} << 20, 'x');
    const auto path = folder.file("disk/journal");
    JournalProcess process({"write", path, event_bytes, flight_bytes, map_bytes});
    run_out_of_room(path, process, "No space left on device",
                    [&] { std::filesystem::remove(ballast); });
}

TEST(JournalDisk, WithALimitOnFilesIsFullAtThat) {
    const TempFolder folder;
    const auto path = folder.file("journal");
    JournalProcess process({"write", path, event_bytes, flight_bytes, map_bytes},
                           {"/usr/bin/prlimit", "--fsize=20000000:unlimited"});
    run_out_of_room(path, process, "File too large", [&] {
        const rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY};
        EXPECT_EQ(prlimit(process.pid(), RLIMIT_FSIZE, &no_limit, nullptr), 0);
    });
}

TEST(JournalDisk, FullMapStopsTheAcksToo) {
    const TempFolder folder;
    const auto path = folder.file("journal");
    JournalProcess process({"write", path, event_bytes, flight_bytes, "16777216"});
    const auto full = process.next("no_room");
    EXPECT_NE(full.find("MDB_MAP_FULL"), std::string::npos) << full;
    const auto in_flight = process.in_flight();
    process.kill();
    // A larger map is all that it takes.
    expect_whole(path, process, in_flight);
    JournalProcess larger({"write", path, event_bytes, flight_bytes, map_bytes});
    larger.next("committed");
    EXPECT_GT(larger.acked(), process.acked());
}

/// Fails the flushes of each thread from its 20th on.
JournalProcess with_failing_flushes(const std::string& folder, const std::string& word) {
    return JournalProcess({"write", folder, event_bytes, flight_bytes, map_bytes, word},
                          {"/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e",
                           "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=20+"});
}

TEST(JournalDisk, ThatFailsToFlushIsNotTrustedAgain) {
    for (const char* word : {"", "interval"}) {
        const TempFolder folder;
        auto process = with_failing_flushes(folder.file("journal"), word);
        const auto reason = process.next("failed");
        EXPECT_NE(reason.find("Input/output error"), std::string::npos) << reason;
        const auto acked = process.acked();
        const auto in_flight = process.in_flight();
        process.kill();
        EXPECT_EQ(process.acked(), acked) << "no ack after a failed flush";
        expect_whole(folder.file("journal"), process, in_flight);
    }
}

}  // namespace
}  // namespace coven::broker
