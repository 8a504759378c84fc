// Real processes that are killed while they write.

#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_process.hpp"
#include "journal/journal_samples.hpp"
#include "journal/numbered_frames.hpp"

namespace coven::broker {
namespace {

/// Lets it commit a few times, kills it in the midst of something, and tells its last ack.
struct Crash {
    std::uint64_t acked = 0;
    std::uint64_t in_flight = 0;
};
Crash write_and_crash(const std::string& folder, int commits, const std::string& word) {
    JournalProcess child({"write", folder, "300", "4000000", "1073741824", word});
    for (int i = 0; i < commits; ++i) child.next("committed");
    child.kill();
    return {child.acked(), child.in_flight()};
}

std::uint64_t stored_in(const std::string& folder) {
    return OpenJournal(sample_options(folder)).recovered().last_offset;
}

TEST(JournalCrash, LosesNothingThatWasAcked) {
    constexpr int crashes = 20;
    const TempFolder folder;
    std::mt19937 random(20261122);
    std::uint64_t in_flight = 0;
    for (int i = 0; i < crashes; ++i) {
        const auto commits = static_cast<int>(1 + random() % 12);
        const auto crash = write_and_crash(folder.file("journal"), commits, "");
        const auto stored = stored_in(folder.file("journal"));
        ASSERT_GE(stored, crash.acked) << "crash " << i;
        in_flight += crash.in_flight;
        // Looking at every byte each time would take long.
        if (i % 5 != 4) continue;
        const auto verdict = check_journal(folder.file("journal"), stored);
        ASSERT_EQ(verdict.status, 0) << "crash " << i << ": " << verdict.words;
    }
    std::cout << in_flight << " events were in flight at " << crashes << " crashes\n";
    EXPECT_GT(in_flight, 0u);
}

TEST(JournalCrash, OfALiarIsNoticed) {
    const TempFolder folder;
    std::uint64_t lost = 0;
    for (int i = 0; i < 20 && lost == 0; ++i) {
        const auto crash = write_and_crash(folder.file("journal"), 3, "lie");
        const auto stored = stored_in(folder.file("journal"));
        if (stored < crash.acked) lost = crash.acked - stored;
    }
    EXPECT_GT(lost, 0u) << "acks before the commit must show as losses";
}

}  // namespace
}  // namespace coven::broker
