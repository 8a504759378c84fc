#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "coven/store.hpp"

namespace coven::broker {

/// What a transaction takes out of a page, LMDB leaves in its unused part. These write zeros over a
/// value of `bytes` first, so that none of it is left there.
StoreResult<void> blank(StoreWriter& writer, StoreTable where, std::string_view key,
                        std::size_t bytes);
StoreResult<void> blank_and_put(StoreWriter& writer, StoreTable where, std::string_view key,
                                std::size_t old_bytes, std::string_view value);
StoreResult<void> blank_and_erase(StoreWriter& writer, StoreTable where, const std::string& key,
                                  std::size_t old_bytes);

}  // namespace coven::broker
