#include "journal/blanking.hpp"

#include <cstring>

namespace coven::broker {

StoreResult<void> blank(StoreWriter& writer, StoreTable where, std::string_view key,
                        std::size_t bytes) {
    const auto place = writer.reserve(where, key, bytes);
    if (place.has_error()) return place.error();
    std::memset(*place, 0, bytes);
    return {};
}

StoreResult<void> blank_and_put(StoreWriter& writer, StoreTable where, std::string_view key,
                                std::size_t old_bytes, std::string_view value) {
    auto blanked = blank(writer, where, key, old_bytes);
    if (blanked.has_error()) return blanked;
    return writer.put(where, key, value);
}

StoreResult<void> blank_and_erase(StoreWriter& writer, StoreTable where, const std::string& key,
                                  std::size_t old_bytes) {
    auto blanked = blank(writer, where, key, old_bytes);
    if (blanked.has_error()) return blanked;
    const auto erased = writer.erase(where, key);
    if (erased.has_error()) return erased.error();
    return {};
}

}  // namespace coven::broker
