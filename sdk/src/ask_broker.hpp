#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <google/protobuf/message.h>

#include "core.hpp"

namespace coven {

/// The broker's answer; nothing when there is none within 5 s, or when it wants to be asked again
/// later, which this waits for.
boost::asio::awaitable<std::optional<v1::Reply>> ask_broker(std::shared_ptr<Bus::Core> core,
                                                            v1::Request request);

/// The answer's payload. Throws std::runtime_error in the broker's words when it is a refusal.
template <class Message>
Message payload_of(const v1::Reply& reply);

[[noreturn]] void throw_refusal(const v1::Reply& reply);

template <class Message>
Message payload_of(const v1::Reply& reply) {
    Message message;
    if (reply.status() != v1::Reply::OK || !reply.payload().UnpackTo(&message)) {
        throw_refusal(reply);
    }
    return message;
}

}  // namespace coven
