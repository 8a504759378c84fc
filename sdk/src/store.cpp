#include "coven/store.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <lmdb.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coven {

namespace {

// One for each thread that may read at the same time, and then some.
constexpr unsigned int max_readers = 126;

StoreError::Kind kind_of(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
        case MDB_MAP_FULL:
        case MDB_TXN_FULL:
            return StoreError::Kind::no_room;
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_PANIC:
        case MDB_INVALID:
        case MDB_BAD_VALSIZE:
            return StoreError::Kind::broken;
        default:
            return StoreError::Kind::other;
    }
}

MDB_val value_of(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

std::string_view view_of(const MDB_val& value) {
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

StoreError failure(const std::string& folder, const char* operation, int code) {
    return {
        "cannot " + std::string(operation) + " the store '" + folder + "': " + mdb_strerror(code),
        code};
}

/// The descriptor that holds the lock.
StoreResult<int> lock(const std::string& folder) {
    const auto path = folder + "/in_use";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return failure(folder, "write into", errno);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
    const int reason = errno;
    ::close(file);
    if (reason != EWOULDBLOCK) return failure(folder, "lock", reason);
    return StoreError("the store '" + folder + "' is in use already: stop who has it open", reason);
}

/// LMDB says EIO, too, for a write that was cut short because there is no more room
/// (mdb_page_flush of 0.9.24). Whether `file` can grow tells the two apart.
int reason_of_io_error(int file) {
    const std::string probe(std::size_t{256} << 10, '\0');
    struct stat before {};
    if (::fstat(file, &before) != 0) return EIO;
    std::size_t written = 0;
    int reason = EIO;
    while (written < probe.size()) {
        const auto count = ::pwrite(file, probe.data() + written, probe.size() - written,
                                    before.st_size + static_cast<off_t>(written));
        if (count <= 0) {
            reason = count < 0 ? errno : EIO;
            break;
        }
        written += static_cast<std::size_t>(count);
    }
    // No page beyond the old end is in use. If it cannot be cut there, it is only longer.
    const int cut = ::ftruncate(file, before.st_size);
    static_cast<void>(cut);
    return reason;
}

unsigned int flags_of(Store::Sync sync) {
    // Readers belong to their objects, not to threads.
    return MDB_NOTLS | (sync == Store::Sync::by_hand ? MDB_NOSYNC : 0u);
}

}  // namespace

StoreError::StoreError(std::string text, int reason)
    : Error(std::move(text)), kind(kind_of(reason)), code(reason) {}

StoreError Store::error(const char* operation, int code) const {
    return failure(folder_, operation, code);
}

StoreResult<std::unique_ptr<Store>> Store::open(const Options& options) {
    std::error_code reason;
    std::filesystem::create_directories(std::filesystem::path(options.folder).parent_path(),
                                        reason);
    if (::mkdir(options.folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return failure(options.folder, "make", errno);
    }
    const auto locked = lock(options.folder);
    if (locked.has_error()) return locked.error();
    std::unique_ptr<Store> store(new Store(options.folder));
    store->lock_ = *locked;
    int code = mdb_env_create(&store->environment_);
    if (code == 0) code = mdb_env_set_mapsize(store->environment_, options.map_bytes);
    if (code == 0) code = mdb_env_set_maxreaders(store->environment_, max_readers);
    const auto tables = static_cast<MDB_dbi>(options.tables.size());
    if (code == 0) code = mdb_env_set_maxdbs(store->environment_, tables);
    if (code == 0) {
        code =
            mdb_env_open(store->environment_, options.folder.c_str(), flags_of(options.sync), 0600);
    }
    if (code != 0) return store->error("open", code);
    const auto opened = store->open_tables(options.tables);
    if (opened.has_error()) return opened.error();
    return store;
}

Store::~Store() {
    if (environment_ != nullptr) mdb_env_close(environment_);
    if (lock_ >= 0) ::close(lock_);
}

StoreResult<void> Store::open_tables(const std::vector<std::string>& names) {
    MDB_txn* transaction = nullptr;
    int code = mdb_txn_begin(environment_, nullptr, 0, &transaction);
    if (code != 0) return error("write into", code);
    for (const auto& name : names) {
        MDB_dbi table = 0;
        code = mdb_dbi_open(transaction, name.c_str(), MDB_CREATE, &table);
        if (code != 0) {
            mdb_txn_abort(transaction);
            return error(("open the table '" + name + "' of").c_str(), code);
        }
        tables_.push_back(table);
    }
    code = mdb_txn_commit(transaction);
    if (code != 0) return error("make the tables of", code);
    return {};
}

StoreResult<void> Store::sync() {
    constexpr int whatever_the_flags = 1;
    const int code = mdb_env_sync(environment_, whatever_the_flags);
    if (code != 0) return error("flush", code);
    return {};
}

Store::Usage Store::usage() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(environment_, &info);
    mdb_env_stat(environment_, &stat);
    return {stat.ms_psize, info.me_last_pgno + 1, info.me_mapsize};
}

StoreResult<StoreReader> StoreReader::begin(const Store& store) {
    MDB_txn* transaction = nullptr;
    const int code = mdb_txn_begin(store.environment_, nullptr, MDB_RDONLY, &transaction);
    if (code != 0) return store.error("read", code);
    return StoreReader(store, transaction);
}

StoreReader::StoreReader(StoreReader&& other) noexcept
    : store_(other.store_), transaction_(std::exchange(other.transaction_, nullptr)) {}

StoreReader::~StoreReader() {
    if (transaction_ != nullptr) mdb_txn_abort(transaction_);
}

StoreResult<std::optional<std::string_view>> StoreReader::find(StoreTable table,
                                                               std::string_view key) const {
    auto wanted = value_of(key);
    MDB_val found{};
    const int code = mdb_get(transaction_, store_->tables_.at(table.number), &wanted, &found);
    if (code == MDB_NOTFOUND) return std::optional<std::string_view>();
    if (code != 0) return store_->error("read", code);
    return std::optional<std::string_view>(view_of(found));
}

StoreResult<std::uint64_t> StoreReader::count(StoreTable table) const {
    MDB_stat stat{};
    const int code = mdb_stat(transaction_, store_->tables_.at(table.number), &stat);
    if (code != 0) return store_->error("read", code);
    return std::uint64_t{stat.ms_entries};
}

StoreResult<StoreWriter> StoreWriter::begin(Store& store) {
    MDB_txn* transaction = nullptr;
    const int code = mdb_txn_begin(store.environment_, nullptr, 0, &transaction);
    if (code != 0) return store.error("write into", code);
    return StoreWriter(store, transaction);
}

StoreResult<void> StoreWriter::put(StoreTable table, std::string_view key, std::string_view value) {
    auto where = value_of(key);
    auto what = value_of(value);
    const int code = mdb_put(transaction_, store_->tables_.at(table.number), &where, &what, 0);
    if (code != 0) return store_->error("write into", code);
    return {};
}

StoreResult<char*> StoreWriter::reserve(StoreTable table, std::string_view key, std::size_t bytes) {
    auto where = value_of(key);
    MDB_val place{bytes, nullptr};
    const auto number = store_->tables_.at(table.number);
    const int code = mdb_put(transaction_, number, &where, &place, MDB_RESERVE);
    if (code != 0) return store_->error("write into", code);
    return static_cast<char*>(place.mv_data);
}

StoreResult<bool> StoreWriter::erase(StoreTable table, std::string_view key) {
    auto where = value_of(key);
    const int code = mdb_del(transaction_, store_->tables_.at(table.number), &where, nullptr);
    if (code == MDB_NOTFOUND) return false;
    if (code != 0) return store_->error("remove from", code);
    return true;
}

StoreResult<void> StoreWriter::commit() {
    int code = mdb_txn_commit(std::exchange(transaction_, nullptr));
    int file = -1;
    if (code == EIO && mdb_env_get_fd(store_->environment_, &file) == 0) {
        code = reason_of_io_error(file);
    }
    if (code != 0) return store_->error("commit to", code);
    return {};
}

StoreResult<StoreCursor> StoreCursor::open(const StoreReader& transaction, StoreTable table) {
    MDB_cursor* cursor = nullptr;
    const auto& store = *transaction.store_;
    const auto number = store.tables_.at(table.number);
    const int code = mdb_cursor_open(transaction.transaction_, number, &cursor);
    if (code != 0) return store.error("read", code);
    return StoreCursor(store, cursor);
}

StoreCursor::StoreCursor(StoreCursor&& other) noexcept
    : store_(other.store_),
      cursor_(std::exchange(other.cursor_, nullptr)),
      key_(other.key_),
      value_(other.value_) {}

StoreCursor::~StoreCursor() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
}

StoreResult<bool> StoreCursor::step(int operation) {
    auto key = value_of(key_);
    auto value = value_of(value_);
    const int code = mdb_cursor_get(cursor_, &key, &value, static_cast<MDB_cursor_op>(operation));
    if (code == MDB_NOTFOUND) return false;
    if (code != 0) return store_->error("read", code);
    key_ = view_of(key);
    value_ = view_of(value);
    return true;
}

StoreResult<bool> StoreCursor::first() { return step(MDB_FIRST); }
StoreResult<bool> StoreCursor::last() { return step(MDB_LAST); }
StoreResult<bool> StoreCursor::next() { return step(MDB_NEXT); }
StoreResult<bool> StoreCursor::previous() { return step(MDB_PREV); }

StoreResult<bool> StoreCursor::seek(std::string_view key) {
    key_ = key;
    return step(MDB_SET_RANGE);
}

StoreResult<void> StoreCursor::erase() {
    const int code = mdb_cursor_del(cursor_, 0);
    if (code != 0) return store_->error("remove from", code);
    return {};
}

}  // namespace coven
