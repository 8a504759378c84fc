#include "user_cache.hpp"

#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "coven/log.hpp"

namespace users {

namespace {

using coven::StoreTable;
using twitch::v1::User;

constexpr StoreTable users_table{0};
constexpr StoreTable logins_table{1};
constexpr StoreTable absent_table{2};

/// Being seen again is worth a write so often.
constexpr auto touch_interval = std::chrono::hours(1);

/// Some milliseconds of work.
constexpr std::size_t records_per_sweep = 1000;

std::uint64_t micros(std::chrono::milliseconds time) {
    return static_cast<std::uint64_t>(std::chrono::microseconds(time).count());
}

std::string absent_key(const Name& name) {
    return (name.kind == Name::Kind::id ? "i" : "l") + name.text;
}

std::string bytes_of(std::uint64_t number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::uint64_t number_in(std::string_view bytes) {
    std::uint64_t number = 0;
    if (bytes.size() == sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

coven::StoreResult<std::unique_ptr<coven::Store>> open_store(const std::string& folder,
                                                             const UserCache::Limits& limits) {
    coven::Store::Options options;
    options.folder = folder;
    options.map_bytes = limits.max_bytes;
    options.tables = {"users", "logins", "absent"};
    options.sync = coven::Store::Sync::by_hand;
    return coven::Store::open(options);
}

}  // namespace

coven::Result<std::unique_ptr<UserCache>> UserCache::open(const std::string& folder,
                                                          const Limits& limits) {
    auto store = open_store(folder, limits);
    if (store.has_error() && store.error().kind == coven::StoreError::Kind::broken) {
        coven::log::warn("user_cache_broken",
                         {{"reason", store.error().message}, {"advice", "it begins anew, empty"}});
        std::error_code ignored;
        std::filesystem::remove(std::filesystem::path(folder) / "data.mdb", ignored);
        store = open_store(folder, limits);
    }
    if (store.has_error()) return coven::Error(store.error().message);
    return std::unique_ptr<UserCache>(new UserCache(std::move(*store), limits));
}

UserCache::UserCache(std::unique_ptr<coven::Store> store, const Limits& limits)
    : store_(std::move(store)), limits_(limits) {}

UserCache::~UserCache() {
    const auto saved = save();
    if (saved.has_error()) {
        coven::log::warn("users_not_saved", {{"reason", saved.error().message}});
    }
}

void UserCache::note(const coven::StoreError& error) {
    trouble_ = error;
    writer_.reset();
    changed_ = false;
}

coven::StoreWriter* UserCache::writer() {
    if (!writer_) {
        auto begun = coven::StoreWriter::begin(*store_);
        if (begun.has_error()) {
            note(begun.error());
            return nullptr;
        }
        writer_.emplace(std::move(*begun));
    }
    return &*writer_;
}

std::optional<std::string> UserCache::read(StoreTable table, std::string_view key) {
    auto* transaction = writer();
    if (transaction == nullptr) return std::nullopt;
    const auto found = transaction->find(table, key);
    if (found.has_error()) {
        note(found.error());
        return std::nullopt;
    }
    if (!*found) return std::nullopt;
    return std::string(**found);
}

void UserCache::put(StoreTable table, std::string_view key, std::string_view value) {
    auto* transaction = writer();
    if (transaction == nullptr) return;
    const auto done = transaction->put(table, key, value);
    if (done.has_error()) return note(done.error());
    changed_ = true;
}

void UserCache::erase(StoreTable table, std::string_view key) {
    auto* transaction = writer();
    if (transaction == nullptr) return;
    const auto done = transaction->erase(table, key);
    if (done.has_error()) return note(done.error());
    changed_ = changed_ || *done;
}

std::optional<User> UserCache::user_of(std::string_view id) {
    const auto bytes = read(users_table, id);
    User user;
    if (!bytes || !user.ParseFromString(*bytes)) return std::nullopt;
    return user;
}

UserCache::Found UserCache::find(const Name& name, coven::Time now) {
    const auto now_us = coven::microseconds_since_epoch(now);
    const auto id = name.kind == Name::Kind::id ? name.text : read(logins_table, name.text);
    const auto user = id ? user_of(*id) : std::nullopt;
    const bool is_whole = user && !user->display_name().empty();
    if (is_whole && now_us < user->seen_us() + micros(limits_.ttl)) {
        return {Found::Kind::known, *user};
    }
    const auto absent = read(absent_table, absent_key(name));
    if (absent && now_us < number_in(*absent) + micros(limits_.absent_ttl)) {
        return {Found::Kind::absent};
    }
    if (user) return {Found::Kind::stale, *user};
    return {};
}

std::optional<twitch::v1::UserRenamed> UserCache::learn(const User& user) {
    const auto known = user_of(user.id());
    if (known && user.seen_us() < known->seen_us()) return std::nullopt;
    const bool renamed = known && known->login() != user.login();
    User merged = user;
    if (known && !renamed && user.display_name().empty()) {
        merged.set_display_name(known->display_name());
    }
    const bool news = !known || renamed || merged.display_name() != known->display_name();
    const bool touches = news || user.seen_us() - known->seen_us() >= micros(touch_interval);
    if (!touches) return std::nullopt;
    // The login may be somebody else's by now.
    const auto owner = renamed ? read(logins_table, known->login()) : std::nullopt;
    if (owner == user.id()) erase(logins_table, known->login());
    put(users_table, user.id(), merged.SerializeAsString());
    put(logins_table, user.login(), user.id());
    erase(absent_table, absent_key({Name::Kind::id, user.id()}));
    erase(absent_table, absent_key({Name::Kind::login, user.login()}));
    if (!renamed) return std::nullopt;
    twitch::v1::UserRenamed change;
    change.set_id(user.id());
    change.set_old_login(known->login());
    change.set_new_login(user.login());
    change.set_display_name(merged.display_name());
    return change;
}

void UserCache::learn_absent(const Name& name, coven::Time now) {
    put(absent_table, absent_key(name), bytes_of(coven::microseconds_since_epoch(now)));
}

coven::Result<void> UserCache::save() {
    if (writer_ && changed_) {
        const auto done = writer_->commit();
        writer_.reset();
        changed_ = false;
        if (done.has_error()) note(done.error());
    }
    const auto trouble = std::exchange(trouble_, std::nullopt);
    if (trouble) return *trouble;
    return {};
}

std::vector<UserCache::Record> UserCache::next_records(StoreTable table, std::string& place) {
    std::vector<Record> records;
    auto* transaction = writer();
    if (transaction == nullptr) return records;
    auto cursor = coven::StoreCursor::open(*transaction, table);
    if (cursor.has_error()) {
        note(cursor.error());
        return records;
    }
    auto found = place.empty() ? cursor->first() : cursor->seek(place);
    while (found.has_value() && *found && records.size() < records_per_sweep) {
        records.push_back({std::string(cursor->key()), std::string(cursor->value())});
        found = cursor->next();
    }
    place = found.has_value() && *found ? std::string(cursor->key()) : std::string();
    return records;
}

void UserCache::sweep(coven::Time now) {
    const auto now_us = coven::microseconds_since_epoch(now);
    for (const auto& [id, bytes] : next_records(users_table, next_user_)) {
        User user;
        const bool readable = user.ParseFromString(bytes);
        if (readable && now_us < user.seen_us() + micros(limits_.keep)) continue;
        erase(users_table, id);
        if (readable && read(logins_table, user.login()) == id) erase(logins_table, user.login());
    }
    for (const auto& [name, bytes] : next_records(absent_table, next_absent_)) {
        if (now_us >= number_in(bytes) + micros(limits_.absent_ttl)) erase(absent_table, name);
    }
}

std::uint64_t UserCache::size() {
    auto* transaction = writer();
    if (transaction == nullptr) return 0;
    const auto count = transaction->count(users_table);
    return count.has_value() ? *count : 0;
}

}  // namespace users
