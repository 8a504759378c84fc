#include "journal/tables.hpp"

#include "journal/checksum.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view last_key = "last";
constexpr std::size_t checksum_bytes = sizeof(std::uint32_t);
/// Of a LastRecord before there was a table of channels.
constexpr std::size_t format_1_last_bytes = sizeof(LastRecord) - sizeof(std::uint64_t);

bool is_readable(std::string_view key) {
    for (const char c : key) {
        if (c < ' ' || c > '~') return false;
    }
    return true;
}

std::string hexadecimal(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "0x";
    for (const char byte : bytes) {
        const auto number = static_cast<unsigned char>(byte);
        text += digits[number >> 4];
        text += digits[number & 15];
    }
    return text;
}

}  // namespace

const std::vector<std::string>& table::names() {
    static const std::vector<std::string> all = {"blocks",   "families", "heads",   "producers",
                                                 "states",   "epochs",   "journal", "cursors",
                                                 "commands", "marks",    "channels"};
    return all;
}

std::string key_of(std::uint64_t number) {
    std::string key(sizeof number, '\0');
    for (std::size_t i = sizeof number; i-- > 0; number >>= 8) {
        key[i] = static_cast<char>(number & 0xff);
    }
    return key;
}

std::uint64_t number_in(std::string_view key) {
    std::uint64_t number = 0;
    for (const char byte : key) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

StoreResult<void> put_sealed(StoreWriter& writer, StoreTable where, std::string_view key,
                             std::string_view value) {
    const auto place = writer.reserve(where, key, checksum_bytes + value.size());
    if (place.has_error()) return place.error();
    const auto checksum = crc32c(value, crc32c(key));
    std::memcpy(*place, &checksum, checksum_bytes);
    if (!value.empty()) std::memcpy(*place + checksum_bytes, value.data(), value.size());
    return {};
}

std::optional<std::string_view> unseal(std::string_view key, std::string_view stored) {
    if (stored.size() < checksum_bytes) return std::nullopt;
    std::uint32_t checksum = 0;
    std::memcpy(&checksum, stored.data(), checksum_bytes);
    const auto value = stored.substr(checksum_bytes);
    if (checksum != crc32c(value, crc32c(key))) return std::nullopt;
    return value;
}

std::string name_of(StoreTable where, std::string_view key) {
    return table::names().at(where.number) + " '" +
           (is_readable(key) ? std::string(key) : hexadecimal(key)) + '\'';
}

StoreResult<void> put_last(StoreWriter& writer, LastRecord& last) {
    for (unsigned int number = 0; number < table::count; ++number) {
        if (number == table::blocks.number || number == table::journal.number) continue;
        const auto count = writer.count({number});
        if (count.has_error()) return count.error();
        last.records.at(number) = *count;
    }
    return put_sealed(writer, table::journal, last_key, bytes_of(last));
}

Result<LastRecord> find_last(const StoreReader& reader) {
    const auto stored = reader.find(table::journal, last_key);
    if (stored.has_error()) return Error(stored.error());
    if (!*stored) return Error("the journal lacks its record " + name_of(table::journal, last_key));
    const auto value = unseal(last_key, **stored);
    const bool older = value && value->size() == format_1_last_bytes;
    if (!older) return read_record<LastRecord>(table::journal, last_key, **stored);
    LastRecord last;
    std::memcpy(&last, value->data(), value->size());
    return last;
}

Error missing_error(StoreTable where, std::uint64_t expected, std::uint64_t found) {
    const auto missing = expected > found ? expected - found : found - expected;
    return "the journal " + std::string(expected > found ? "lacks " : "has too many: ") +
           std::to_string(missing) + " records of " + table::names().at(where.number);
}

}  // namespace coven::broker
