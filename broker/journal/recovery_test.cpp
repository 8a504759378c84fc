// How long it takes to be back.

#include <iostream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "journal/journal_process.hpp"
#include "journal/journal_samples.hpp"

namespace coven::broker {
namespace {

/// Far beyond the two seconds that are promised: how long it really took is printed.
constexpr std::chrono::seconds recovery_deadline{20};

TEST(SlowJournal, IsBackSoonAfterACrashWithAGigabyte) {
    constexpr std::uint64_t events = (std::uint64_t{1} << 30) / 2000;
    const TempFolder folder;
    JournalProcess process({"write", folder.file("journal"), "2000"});
    while (process.acked() < events) process.next("committed");
    process.kill();
    const SystemClock clock;
    const auto begin = clock.instant();
    OpenJournal journal(sample_options(folder.file("journal")));
    const std::chrono::duration<double> took = clock.instant() - begin;
    std::cout << "open after " << took.count() << " s, with "
              << journal.recovered().last_offset * 2000 / 1'000'000 << " MB\n";
    EXPECT_GE(journal.recovered().last_offset, process.acked());
    EXPECT_LT(took, recovery_deadline);
}

}  // namespace
}  // namespace coven::broker
