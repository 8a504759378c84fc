#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/any.pb.h>

#include "coven/event.hpp"

namespace coven {

/// The FileDescriptorSet of every message of this build, serialized; lives for ever.
std::string_view schema_bytes();

/// `message` as JSON by protobuf's rules (64-bit numbers are strings), on one line, with the fields
/// that are empty or 0; any payload type of this build is known. nullopt when the type is unknown
/// or the bytes are malformed.
std::optional<std::string> to_json(const google::protobuf::Any& message);
std::optional<std::string> to_json(const google::protobuf::Message& message);

}  // namespace coven
