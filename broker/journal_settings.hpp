#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "coven/config.hpp"
#include "coven/result.hpp"
#include "journal/journal.hpp"
#include "kept_families.hpp"

namespace coven::broker {

/// Section [journal].
struct JournalSettings {
    /// Nothing = off: nothing is stored.
    std::optional<Durability> durability = Durability::commit;
    std::chrono::milliseconds sync_interval{1000};
    Retention retention;
    KeptFamilies families;
    /// Whether events are stored with the line or JSON that Twitch sent.
    bool keep_raw = true;
    /// Whether what somebody deletes is forgotten.
    bool honour_deletes = false;
};

/// Fails for a value that cannot be meant, naming the key.
Result<JournalSettings> journal_settings_from(const Config& config);

/// "512MiB" → bytes. Units KiB, MiB, GiB, TiB; a plain number is bytes.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace coven::broker
