#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <google/protobuf/message.h>

#include "coven/v1/request.pb.h"

namespace coven {

/// Carries out one call and says what became of it. What it throws is answered as FAILED, with its
/// words. `deadline_ms` of the request is what was left when it arrived; it is cancelled 10 s after
/// that. Example, for a member function that is a coroutine:
///
///     const coven::Answerer roll = [this](v1::Request call) { return answer(std::move(call)); };
using Answerer = std::function<boost::asio::awaitable<v1::Reply>(v1::Request call)>;

/// A request without a payload, or with one. Example: request_of("topics.list").
v1::Request request_of(const std::string& verb);
v1::Request request_of(const std::string& verb, const google::protobuf::Message& payload);

/// The payload, if it is a T; a T that says nothing where there is none. nullopt: it is something
/// else, or malformed.
template <class T>
std::optional<T> payload_as(const v1::Request& request) {
    T message;
    if (request.has_payload() && !request.payload().UnpackTo(&message)) return std::nullopt;
    return message;
}

/// An answer. `code` is for programs: one word; `message` for people.
v1::Reply reply_of(v1::Reply::Status status, const std::string& code, const std::string& message);
/// OK, with what came of it.
v1::Reply reply_with(const google::protobuf::Message& payload);
/// REJECTED: the request is wrong, and trying again will not help.
v1::Reply rejection(const std::string& code, const std::string& message);
/// The rejection of a payload that is no T.
template <class T>
v1::Reply wrong_payload() {
    return rejection("payload_wrong", "the payload must be a " + T::descriptor()->full_name());
}

}  // namespace coven
