#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.h>

#include "coven/event.hpp"
#include "coven/result.hpp"

namespace coven {

/// The FileDescriptorSet of every message of this build, serialized; lives for ever.
std::string_view schema_bytes();

/// `message` as JSON by protobuf's rules (64-bit numbers are strings), on one line, with the fields
/// that are empty or 0; any payload type of this build is known. nullopt when the type is unknown
/// or the bytes are malformed.
std::optional<std::string> to_json(const google::protobuf::Any& message);
std::optional<std::string> to_json(const google::protobuf::Message& message);

/// The message of this build with this full name, or null; lives for ever.
const google::protobuf::Descriptor* message_named(const std::string& name);
/// The message that requests with `verb` carry (option `coven.v1.verb`); where none names it, a
/// google.protobuf.Struct.
const google::protobuf::Descriptor* payload_type_of(std::string_view verb);
/// `json`, by protobuf's rules, as a payload of this type. Fails in protobuf's words, also where
/// there is a field that the type does not have.
Result<google::protobuf::Any> from_json(const google::protobuf::Descriptor& type,
                                        const std::string& json);

}  // namespace coven
