#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <google/protobuf/descriptor.h>

namespace coven::broker {

/// Reads the texts of a payload by the names of their fields: of every message type of this build,
/// and of JSON. For one thread.
class PayloadTexts {
  public:
    using Visit = std::function<void(std::string_view name, std::string_view text)>;

    PayloadTexts();
    PayloadTexts(const PayloadTexts&) = delete;
    PayloadTexts& operator=(const PayloadTexts&) = delete;

    /// The text fields at the top of the payload of the event in `frame`; in JSON also those of the
    /// objects `payload` and `event`, in which EventSub wraps it. False: there may be more that
    /// cannot be told, as the type is unknown, or the bytes are malformed or opaque.
    bool visit(std::string_view frame, const Visit& visit);

  private:
    /// Number → name of its text fields.
    using Fields = std::map<std::uint32_t, std::string>;

    const std::optional<Fields>& fields_of(std::string_view type_url);
    bool visit_any(std::string_view any, const Visit& visit);

    google::protobuf::DescriptorPool pool_;
    std::unordered_map<std::string, std::optional<Fields>> types_;
};

}  // namespace coven::broker
