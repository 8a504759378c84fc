// Journals that other versions have written.

#include <gtest/gtest.h>

#include "coven/store.hpp"
#include "coven/temp_folder.hpp"
#include "journal/journal_samples.hpp"
#include "journal/tables.hpp"

namespace coven::broker {
namespace {

class FormatTest : public testing::Test {
  protected:
    FormatTest() {
        OpenJournal journal(options_);
        journal->start_epoch(first_sample_epoch, 1).value();
        journal->put(SideTable::cursors, "a", "1");
        journal.store(numbering_, {});
    }
    /// Writes `format` into the journal, and its last record without its last `missing_bytes`.
    void rewrite(std::uint64_t format, std::size_t missing_bytes) {
        Store::Options options;
        options.folder = options_.folder;
        options.tables = table::names();
        const auto store = Store::open(options).value();
        auto writer = StoreWriter::begin(*store);
        const auto last = find_last(*writer).value();
        auto bytes = bytes_of(last);
        bytes.remove_suffix(missing_bytes);
        put_sealed(*writer, table::journal, "last", bytes).value();
        put_sealed(*writer, table::journal, "format", bytes_of(format)).value();
        writer->commit().value();
    }

    TempFolder folder_;
    Journal::Options options_ = sample_options(folder_.file("journal"));
    Numbering numbering_;
};

TEST_F(FormatTest, OneFromBeforeThereWereChannelsIsReadAndGoesOn) {
    rewrite(1, sizeof(std::uint64_t));
    for (std::uint64_t life = 1; life <= 2; ++life) {
        OpenJournal journal(options_);
        EXPECT_TRUE(journal.recovered().damaged.empty());
        EXPECT_EQ(journal.recovered().last_offset, life);
        std::size_t cursors = 0;
        const auto count = [&cursors](std::string_view, std::string_view) { ++cursors; };
        EXPECT_TRUE(journal->for_each(SideTable::cursors, count).has_value());
        EXPECT_EQ(cursors, 1u);
        journal->start_epoch(first_sample_epoch + life, life + 1).value();
        journal->put(SideTable::channels, std::to_string(life), "kept");
        Numbering numbering(first_sample_epoch + life, life);
        journal.store(numbering, {});
        std::size_t channels = 0;
        const auto see = [&channels](std::string_view, std::string_view) { ++channels; };
        EXPECT_TRUE(journal->for_each(SideTable::channels, see).has_value());
        EXPECT_EQ(channels, life);
    }
}

TEST_F(FormatTest, OneOfANewerVersionIsLeftAlone) {
    rewrite(3, 0);
    zmq::context_t context;
    const SystemClock clock;
    Recovered recovered;
    const auto opened = Journal::open(context, clock, options_, recovered);
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().message, "the journal '" + options_.folder +
                                          "' was written by a newer version: use that, or another "
                                          "folder");
}

}  // namespace
}  // namespace coven::broker
