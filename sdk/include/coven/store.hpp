#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/result.hpp"

struct MDB_cursor;
struct MDB_env;
struct MDB_txn;

namespace coven {

/// Why a store did not do what it was asked: path, operation and LMDB's words.
struct StoreError : Error {
    enum class Kind {
        /// The disk or the map is full; what was asked for did not happen.
        no_room,
        /// The file is not what LMDB wrote.
        broken,
        /// The system's refusal, as in `code`: EIO, EACCES, …
        other,
    };

    StoreError() = default;
    StoreError(std::string text, int reason);

    Kind kind = Kind::other;
    /// errno, or one of LMDB's own (negative) codes.
    int code = 0;
};

template <class T>
using StoreResult = boost::system::result<T, StoreError>;

/// One table of a store; its number counts in the order of `Store::Options::tables`.
struct StoreTable {
    unsigned int number = 0;
};

/// A folder with sorted tables of keys (1 to 511 bytes) and values, changed in transactions: LMDB
/// without its write map. Readers see the state as of their begin and never wait, nor does the one
/// writer wait for them. Transactions may begin in any thread, each stays in its own.
class Store {
  public:
    enum class Sync {
        /// A commit is on disk when it returns.
        each_commit,
        /// A commit is with the kernel when it returns, so it survives us, and goes to disk with
        /// `sync`. A power cut before that may leave a file that cannot be opened any more.
        by_hand,
    };
    struct Options {
        /// Made with mode 0700 if it is not there; its files have 0600.
        std::string folder;
        /// Upper limit of the file, a multiple of the page size.
        std::size_t map_bytes = std::size_t{1} << 30;
        /// Made if they are not there. The order is free to change.
        std::vector<std::string> tables;
        Sync sync = Sync::each_commit;
    };
    struct Usage {
        std::uint64_t page_bytes = 0;
        /// Pages that were ever used; those that are free again count.
        std::uint64_t pages = 0;
        std::uint64_t map_bytes = 0;
    };

    /// Fails, besides for the system's reasons, when anybody has the folder open already.
    static StoreResult<std::unique_ptr<Store>> open(const Options& options);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    /// What transactions removed or replaced stays in the file until its pages are used anew, and
    /// in unused parts of others. This overwrites what was there when it began, step by step.
    struct Wiping {
        /// The second round is for pages that were freed before the first one came to them: the
        /// unused parts of a page stay behind when it is changed, that is, written elsewhere.
        enum class Round { all_pages, free_pages };

        Round round = Round::all_pages;
        /// The transaction whose free pages and those before it this round is for.
        std::uint64_t freed_by = 0;
        std::uint64_t next_page = 0;
        bool done = false;
    };
    StoreResult<Wiping> begin_wiping();
    /// Looks at `most_pages`, and is on disk when it is done. Does nothing as long as a reader may
    /// see pages that its round is for, or less than one transaction was committed since the begin
    /// of the round: then a crash may go back to them. Not while this thread writes.
    StoreResult<void> wipe(Wiping& wiping, std::uint64_t most_pages);
    /// All that was committed is on disk when it returns.
    StoreResult<void> sync();
    Usage usage() const;
    const std::string& folder() const { return folder_; }

  private:
    friend class StoreCursor;
    friend class StoreReader;
    friend class StoreWriter;

    explicit Store(const std::string& folder) : folder_(folder) {}
    StoreResult<void> open_tables(const std::vector<std::string>& names);
    StoreError error(const char* operation, int code) const;

    std::string folder_;
    int lock_ = -1;
    MDB_env* environment_ = nullptr;
    std::vector<unsigned int> tables_;
};

/// A transaction that reads. Keep it short: pages that it sees cannot be used anew. What it shows
/// is valid until it ends. The store must outlive it.
class StoreReader {
  public:
    static StoreResult<StoreReader> begin(const Store& store);
    StoreReader(StoreReader&& other) noexcept;
    StoreReader& operator=(StoreReader&&) = delete;
    ~StoreReader();

    StoreResult<std::optional<std::string_view>> find(StoreTable table, std::string_view key) const;
    StoreResult<std::uint64_t> count(StoreTable table) const;

  protected:
    friend class Store;
    friend class StoreCursor;

    StoreReader(const Store& store, MDB_txn* transaction)
        : store_(&store), transaction_(transaction) {}

    const Store* store_;
    MDB_txn* transaction_;
};

/// A transaction that also writes; the only one of its store at a time. Ends without a trace unless
/// `commit` succeeds. After an error from it nothing but its end makes sense. What it shows is
/// valid until its next change.
class StoreWriter : public StoreReader {
  public:
    static StoreResult<StoreWriter> begin(Store& store);

    /// In place of what is there.
    StoreResult<void> put(StoreTable table, std::string_view key, std::string_view value);
    /// The same, with a value of `bytes` bytes that the caller fills in before the next call.
    StoreResult<char*> reserve(StoreTable table, std::string_view key, std::size_t bytes);
    /// False: it was not there.
    StoreResult<bool> erase(StoreTable table, std::string_view key);
    /// It ends, whatever comes of it.
    StoreResult<void> commit();

  private:
    StoreWriter(const Store& store, MDB_txn* transaction) : StoreReader(store, transaction) {}
};

/// Walks a table in the order of its keys' bytes. Must die before its transaction ends. Each step
/// tells whether there was such a record; `key` and `value` are those of the last that was there.
class StoreCursor {
  public:
    static StoreResult<StoreCursor> open(const StoreReader& transaction, StoreTable table);
    StoreCursor(StoreCursor&& other) noexcept;
    StoreCursor& operator=(StoreCursor&&) = delete;
    ~StoreCursor();

    StoreResult<bool> first();
    StoreResult<bool> last();
    StoreResult<bool> next();
    StoreResult<bool> previous();
    /// The first record whose key is not less.
    StoreResult<bool> seek(std::string_view key);
    /// Removes the record it stands on; `next` then goes to the one behind it. Only with a writer.
    StoreResult<void> erase();

    std::string_view key() const { return key_; }
    std::string_view value() const { return value_; }

  private:
    StoreCursor(const Store& store, MDB_cursor* cursor) : store_(&store), cursor_(cursor) {}
    StoreResult<bool> step(int operation);

    const Store* store_;
    MDB_cursor* cursor_;
    std::string_view key_;
    std::string_view value_;
};

}  // namespace coven
