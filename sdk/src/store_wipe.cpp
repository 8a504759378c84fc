// How a store overwrites what transactions have left in its file: free pages, and the unused parts
// of others, which LMDB fills with whatever its buffers held before.

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coven/store.hpp"

namespace coven {

namespace {

/// The table of free pages: transaction → count, and as many page numbers (FREE_DBI in mdb.c of
/// LMDB 0.9.24). mdb_stat reads it the same way.
constexpr MDB_dbi free_pages_table = 0;
/// The first pages say where everything is.
constexpr std::uint64_t first_page = 2;
/// Buffers of pages that LMDB uses again, last in, first out, and that are overwritten, too. More
/// than a transaction of ours takes.
constexpr int buffers = 2048;

// How a page begins, and a node of it (MDB_page and MDB_node in mdb.c of LMDB 0.9.24).
enum PageFlag : std::uint16_t { branch = 0x01, leaf = 0x02, overflow = 0x04 };
enum NodeFlag : std::uint16_t { value_is_elsewhere = 0x01 };
struct PageHeader {
    std::uint64_t number;
    std::uint16_t padding;
    std::uint16_t flags;
    /// Ends of the unused part; together the number of pages of a long value.
    std::uint16_t lower;
    std::uint16_t upper;
};
struct NodeHeader {
    std::uint16_t size_low;
    std::uint16_t size_high;
    std::uint16_t flags;
    std::uint16_t key_bytes;
};

template <class T>
T load(const std::string& bytes, std::size_t at) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

struct FreePage {
    std::uint64_t number = 0;
    /// Freed so long ago that nobody can see it.
    bool unseen = false;
};

/// A line of mdb_reader_list: "pid thread transaction", "-" in place of that for one that is idle.
int note_reader(const char* line, void* oldest) {
    std::string_view text(line);
    while (text.ends_with('\n') || text.ends_with(' ')) text.remove_suffix(1);
    text.remove_prefix(text.find_last_of(' ') + 1);
    std::size_t transaction = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), transaction);
    if (code != std::errc() || end != text.data() + text.size()) return 0;
    auto& least = *static_cast<std::size_t*>(oldest);
    least = std::min(least, transaction);
    return 0;
}

std::size_t oldest_reader(MDB_env* environment) {
    std::size_t oldest = std::numeric_limits<std::size_t>::max();
    mdb_reader_list(environment, note_reader, &oldest);
    return oldest;
}

/// Those from `first` on, by number. Nobody can see what was freed before `seen_since`.
int find_free_pages(MDB_txn* reader, std::uint64_t first, std::size_t seen_since,
                    std::vector<FreePage>& pages) {
    MDB_cursor* cursor = nullptr;
    int code = mdb_cursor_open(reader, free_pages_table, &cursor);
    if (code != 0) return code;
    MDB_val key{};
    MDB_val list{};
    while ((code = mdb_cursor_get(cursor, &key, &list, MDB_NEXT)) == 0) {
        const bool unseen = *static_cast<std::size_t*>(key.mv_data) < seen_since;
        const auto* numbers = static_cast<std::size_t*>(list.mv_data);
        for (std::size_t i = 1; i <= numbers[0]; ++i) {
            if (numbers[i] >= first) pages.push_back({numbers[i], unseen});
        }
    }
    mdb_cursor_close(cursor);
    std::sort(pages.begin(), pages.end(),
              [](const FreePage& one, const FreePage& other) { return one.number < other.number; });
    return code == MDB_NOTFOUND ? 0 : code;
}

/// Overwrites parts of pages, in the file itself. What fails is kept as an errno.
class Pages {
  public:
    Pages(int file, std::size_t page_bytes) : file_(file), page_bytes_(page_bytes) {}

    int fault() const { return fault_; }
    std::uint64_t count() const {
        struct stat status {};
        return ::fstat(file_, &status) == 0
                   ? static_cast<std::uint64_t>(status.st_size) / page_bytes_
                   : 0;
    }
    void wipe(std::uint64_t page) { wipe(page, 0, page_bytes_); }
    /// The unused parts of a page that is in use. How many pages it is.
    std::uint64_t wipe_unused(std::uint64_t page) {
        const auto bytes = read(page);
        if (fault_ != 0) return 1;
        const auto header = load<PageHeader>(bytes, 0);
        // Else it is not what we think.
        if (header.number != page) return 1;
        if ((header.flags & overflow) != 0) return length_of(header);
        const bool plausible = header.lower >= sizeof header && header.lower <= header.upper &&
                               header.upper <= page_bytes_;
        if ((header.flags & (branch | leaf)) == 0 || !plausible) return 1;
        wipe(page, header.lower, header.upper - header.lower);
        if ((header.flags & leaf) != 0) wipe_ends(bytes, header);
        return 1;
    }

  private:
    static std::uint64_t length_of(const PageHeader& header) {
        return std::max<std::uint64_t>(1, header.lower | std::uint64_t{header.upper} << 16);
    }

    /// Behind the long values that the nodes of a leaf have elsewhere.
    void wipe_ends(const std::string& bytes, const PageHeader& header) {
        for (std::size_t at = sizeof header; at + 2 <= header.lower; at += 2) {
            const std::size_t place = load<std::uint16_t>(bytes, at);
            if (place + sizeof(NodeHeader) > page_bytes_) continue;
            const auto node = load<NodeHeader>(bytes, place);
            const auto value = place + sizeof node + node.key_bytes;
            if ((node.flags & value_is_elsewhere) == 0) continue;
            if (value + sizeof(std::uint64_t) > page_bytes_) continue;
            const auto size = node.size_low | std::size_t{node.size_high} << 16;
            const auto first = load<std::uint64_t>(bytes, value);
            const auto used = sizeof header + size;
            const auto end = used % page_bytes_;
            const auto head = load<PageHeader>(read(first), 0);
            const bool plausible = head.number == first && (head.flags & overflow) != 0 &&
                                   length_of(head) == (used - 1) / page_bytes_ + 1;
            if (plausible && end != 0) wipe(first + used / page_bytes_, end, page_bytes_ - end);
        }
    }

    std::string read(std::uint64_t page) {
        std::string bytes(page_bytes_, '\0');
        for (std::size_t done = 0; done < page_bytes_ && fault_ == 0;) {
            const auto at = static_cast<off_t>(page * page_bytes_ + done);
            const auto count = ::pread(file_, bytes.data() + done, page_bytes_ - done, at);
            if (count == 0) break;
            advance(count, done);
        }
        return bytes;
    }

    void wipe(std::uint64_t page, std::size_t from, std::size_t size) {
        const std::string zeros(size, '\0');
        for (std::size_t done = 0; done < size && fault_ == 0;) {
            const auto at = static_cast<off_t>(page * page_bytes_ + from + done);
            advance(::pwrite(file_, zeros.data() + done, size - done, at), done);
        }
    }

    void advance(ssize_t count, std::size_t& done) {
        if (count > 0) done += static_cast<std::size_t>(count);
        if (count < 0 && errno != EINTR) fault_ = errno;
    }

    int file_;
    std::size_t page_bytes_;
    int fault_ = 0;
};

}  // namespace

StoreResult<Store::Wiping> Store::begin_wiping() {
    auto writer = StoreWriter::begin(*this);
    if (writer.has_error()) return writer.error();
    const auto last = mdb_txn_id(writer->transaction_) - 1;
    // Values that fill a page each, of a transaction that comes to nothing.
    const auto value_bytes = usage().page_bytes - sizeof(PageHeader);
    for (int i = 0; i < buffers; ++i) {
        const auto place = writer->reserve({0}, "wipe" + std::to_string(i), value_bytes);
        if (place.has_error()) break;
        std::memset(*place, 0, value_bytes);
    }
    return Wiping{Wiping::Round::all_pages, last, first_page, false};
}

StoreResult<void> Store::wipe(Wiping& wiping, std::uint64_t most_pages) {
    // As long as it writes nobody else takes pages, and its number says which of them LMDB itself
    // would use anew: those that neither a reader nor the transaction before the last one can see.
    const auto writer = StoreWriter::begin(*this);
    if (writer.has_error()) return writer.error();
    const auto reader = StoreReader::begin(*this);
    if (reader.has_error()) return reader.error();
    const auto last = mdb_txn_id(reader->transaction_);
    // Not the transaction of the page's first freeing: LMDB lists pages that it took and did not
    // need under a later one, which it could take again as well.
    const auto seen_since = std::min(last, oldest_reader(environment_));
    if (seen_since <= wiping.freed_by) return {};
    std::vector<FreePage> all_free;
    int code = find_free_pages(reader->transaction_, wiping.next_page, seen_since, all_free);
    int file = -1;
    if (code == 0) code = mdb_env_get_fd(environment_, &file);
    if (code != 0) return error("wipe", code);
    const auto used = usage();
    Pages pages(file, used.page_bytes);
    const auto end = std::max(used.pages, pages.count());
    auto free = all_free.begin();
    auto& page = wiping.next_page;
    for (std::uint64_t i = 0; i < most_pages && page < end && pages.fault() == 0; ++i) {
        while (free != all_free.end() && free->number < page) ++free;
        const bool is_free = free != all_free.end() && free->number == page;
        if (!is_free && page < used.pages) {
            page += wiping.round == Wiping::Round::all_pages ? pages.wipe_unused(page) : 1;
            continue;
        }
        if (!is_free || free->unseen) pages.wipe(page);
        ++page;
    }
    if (pages.fault() != 0) return error("wipe", pages.fault());
    if (page < end) return {};
    if (wiping.round == Wiping::Round::all_pages) {
        wiping = {Wiping::Round::free_pages, last, first_page, false};
        return {};
    }
    wiping.done = true;
    return sync();
}

}  // namespace coven
