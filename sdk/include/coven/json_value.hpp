#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/result.hpp"

namespace coven {

/// JSON that came from outside; cannot be changed. Whoever asks for something that is not there, or
/// is of another kind, is given nothing, so that a reader says once what it expects. Copies are
/// cheap: every value keeps the whole document alive.
class JsonValue {
  public:
    /// The JSON null.
    JsonValue() = default;
    /// Fails for what is not JSON (RFC 8259, UTF-8), for more than 64 MiB and for more than 64
    /// levels; the reason does not repeat the text.
    static Result<JsonValue> parse(std::string_view text);

    bool is_null() const;
    bool is_array() const;
    bool is_object() const;
    /// Of an object; null when it is absent or this is no object. The first, when a name stands
    /// twice.
    JsonValue member(std::string_view name) const;
    /// Only of a string.
    std::optional<std::string> text() const;
    /// `member(name).text()`, or `fallback`.
    std::string text_or(std::string_view name, std::string fallback = "") const;
    /// Only of a whole number that fits.
    std::optional<std::int64_t> number() const;
    /// Only of true and false.
    std::optional<bool> flag() const;
    /// Of an array, in its order; none of anything else.
    std::vector<JsonValue> items() const;

  private:
    struct Node;
    explicit JsonValue(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

    /// Shared by all copies, and its document by all values in it. Empty = null.
    std::shared_ptr<const Node> node_;
};

}  // namespace coven
