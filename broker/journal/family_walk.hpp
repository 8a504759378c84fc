#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "coven/store.hpp"
#include "journal/block.hpp"
#include "journal/tables.hpp"

namespace coven::broker {

/// What comes next in a family.
struct FamilyItem {
    enum class Kind { frame, purged, removed, damaged, not_stored, pause };
    Kind kind = Kind::frame;
    /// Of the frame, or of what was one; first of what is removed, damaged or not stored; last that
    /// was looked at before a pause.
    std::uint64_t offset = 0;
    /// Last of what is removed, damaged or not stored.
    std::uint64_t to = 0;
    std::string_view frame;
};

/// Walks the wanted events of one family between two offsets, and its holes. Only blocks whose
/// checksum is right are looked into; each says where the one before ended. Views the transaction,
/// which must outlive it.
class FamilyWalk {
  public:
    struct Range {
        std::uint64_t after = 0;
        std::uint64_t until = 0;
    };
    using IsWanted = std::function<bool(std::string_view topic)>;

    /// `wanted` must outlive this. A pause comes when `budget` bytes of blocks were read, by all
    /// that share it, but never before something in the range was looked at.
    static StoreResult<FamilyWalk> open(const StoreReader& reader, const std::string& name,
                                        const FamilyRecord& record, Range range,
                                        const IsWanted& wanted, std::uint64_t& budget);

    const std::string& name() const { return name_; }
    /// Nullopt: nothing is left in the range.
    const std::optional<FamilyItem>& item() const { return item_; }
    StoreResult<void> advance();

  private:
    FamilyWalk(StoreCursor cursor, const std::string& name, const FamilyRecord& record, Range range,
               const IsWanted& wanted, std::uint64_t& budget);
    StoreResult<void> seek();
    StoreResult<void> next_block();
    std::optional<BlockKey> key() const;
    bool take_wanted();
    void miss(std::uint64_t offset);
    void pass_over(const BlockHeader& header);

    StoreCursor cursor_;
    std::string name_;
    FamilyRecord record_;
    Range range_;
    const IsWanted* wanted_;
    std::uint64_t* budget_;
    std::optional<FamilyItem> item_;
    /// Comes next.
    std::optional<FamilyItem> held_;
    FrameWalk frames_;
    /// The cursor stands on a block that was not looked into yet.
    bool on_block_ = false;
    /// Everything up to here was looked at, or told to be missing.
    std::uint64_t seen_ = 0;
};

/// The offset after which all events of a family came at `since_us` or later; every one before it
/// came earlier, as far as the clock never went backwards. `last` is the journal's last offset.
StoreResult<std::uint64_t> offset_before(const StoreReader& reader, const FamilyRecord& record,
                                         std::uint64_t since_us, std::uint64_t last);

}  // namespace coven::broker
