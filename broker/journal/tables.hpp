#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "coven/store.hpp"

namespace coven::broker {

/// The tables of a journal; values but those of `blocks` are sealed (below).
namespace table {
inline constexpr StoreTable blocks{0};
/// Name → FamilyRecord.
inline constexpr StoreTable families{1};
/// Topic → HeadRecord.
inline constexpr StoreTable heads{2};
/// Producer id, 8 bytes → MarkRecord.
inline constexpr StoreTable producers{3};
/// Topic → the last frame of a state topic.
inline constexpr StoreTable states{4};
/// Epoch, 8 bytes big-endian → its first offset.
inline constexpr StoreTable epochs{5};
/// "last" → LastRecord, "format" → a number.
inline constexpr StoreTable journal{6};
/// The side tables, in the order of SideTable.
inline constexpr unsigned int first_side = 7;
inline constexpr unsigned int count = 11;

const std::vector<std::string>& names();
}  // namespace table

/// Of keys in `journal` that hold room for nothing but a moment; see Ledger::make_room.
inline constexpr std::string_view room_prefix = "room";  // namespace table

static_assert(std::endian::native == std::endian::little, "records are copied as they are");

struct FamilyRecord {
    std::uint64_t id = 0;
    /// What is stored now.
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    /// Of the first event that it ever had, and of the newest; 0 = none yet.
    std::uint64_t first_offset = 0;
    std::uint64_t last_offset = 0;
    /// Of the newest event that retention removed, and when that came; 0 = none.
    std::uint64_t removed_to = 0;
    std::uint64_t removed_to_us = 0;
};

struct HeadRecord {
    std::uint64_t bus_epoch = 0;
    std::uint64_t offset = 0;
    std::uint64_t topic_seq = 0;
    std::uint64_t ingest_us = 0;
};

struct MarkRecord {
    std::uint64_t producer_seq = 0;
    std::uint64_t last_us = 0;
};

/// Written with each transaction, so that what is missing shows.
struct LastRecord {
    /// Of the newest event that was stored.
    std::uint64_t bus_epoch = 0;
    std::uint64_t offset = 0;
    /// How many records each table has; 0 for `blocks` and `journal`.
    std::array<std::uint64_t, table::count> records{};
};

/// A record or a number as the bytes of a key or a value.
template <class Record>
std::string_view bytes_of(const Record& record) {
    static_assert(std::has_unique_object_representations_v<Record>);
    return {reinterpret_cast<const char*>(&record), sizeof record};
}

template <class Record>
std::optional<Record> record_in(std::string_view bytes) {
    if (bytes.size() != sizeof(Record)) return std::nullopt;
    Record record{};
    std::memcpy(&record, bytes.data(), sizeof record);
    return record;
}

/// Big-endian, so that keys are in the order of their numbers.
std::string key_of(std::uint64_t number);
std::uint64_t number_in(std::string_view key);

/// Puts `value` behind a checksum over it and its key.
StoreResult<void> put_sealed(StoreWriter& writer, StoreTable where, std::string_view key,
                             std::string_view value);
/// What stands behind the checksum; nullopt when that is wrong.
std::optional<std::string_view> unseal(std::string_view key, std::string_view stored);
/// How the log and errors call a record: its table and its key.
std::string name_of(StoreTable where, std::string_view key);

/// Counts the records and puts `last` under its key.
StoreResult<void> put_last(StoreWriter& writer, LastRecord& last);
/// Fails when it is not there, or damaged.
Result<LastRecord> find_last(const StoreReader& reader);
/// "the journal lacks 2 records of heads".
Error missing_error(StoreTable where, std::uint64_t expected, std::uint64_t found);

/// The record `key` of a table, which is stored as `stored`. Fails when it is damaged.
template <class Record>
Result<Record> read_record(StoreTable where, std::string_view key, std::string_view stored) {
    const auto value = unseal(key, stored);
    const auto record = value ? record_in<Record>(*value) : std::nullopt;
    if (!record) return Error("the journal's record " + name_of(where, key) + " is damaged");
    return *record;
}

/// Whether there is a `Record` under `key`, and which. Fails when it is damaged.
template <class Record>
Result<std::optional<Record>> find_record(const StoreReader& reader, StoreTable where,
                                          std::string_view key) {
    const auto stored = reader.find(where, key);
    if (stored.has_error()) return Error(stored.error());
    if (!*stored) return std::optional<Record>();
    const auto record = read_record<Record>(where, key, **stored);
    if (record.has_error()) return record.error();
    return std::optional<Record>(*record);
}

}  // namespace coven::broker
