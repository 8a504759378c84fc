#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "coven/config.hpp"
#include "coven/result.hpp"
#include "journal/journal.hpp"

namespace coven::broker {

/// Section [journal].
struct JournalSettings {
    /// Nothing = off: nothing is stored.
    std::optional<Durability> durability = Durability::commit;
    std::chrono::milliseconds sync_interval{1000};
    Retention retention;
};

/// Fails for a value that cannot be meant, naming the key.
Result<JournalSettings> journal_settings_from(const Config& config);

/// "512MiB" → bytes. Units KiB, MiB, GiB, TiB; a plain number is bytes.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace coven::broker
