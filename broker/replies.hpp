#pragma once

#include <cstddef>
#include <string>

#include "coven/v1/request.pb.h"

namespace coven::broker {

/// The largest reply, wire.md "Doors".
inline constexpr std::size_t max_reply_bytes = std::size_t{1} << 20;
/// Its payload: the rest is for what the reply says itself.
inline constexpr std::size_t max_payload_bytes = max_reply_bytes - 1024;

/// `code` is for programs, `message` for people.
v1::Reply reply_of(v1::Reply::Status status, const char* code, const std::string& message);
v1::Reply ok();
v1::Reply ok(const google::protobuf::Message& payload);
/// `reply` instead of one to the request `id`.
v1::Reply with_id(const std::string& id, v1::Reply reply);
/// `expected` is a message type.
v1::Reply wrong_payload(const char* expected);

/// To what must be stored before it is answered, while nothing can be.
v1::Reply not_stored(const std::string& reason);

}  // namespace coven::broker
