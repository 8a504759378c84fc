#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>
#include <google/protobuf/message.h>

#include "coven/bus.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// Asks the broker and unpacks its answer into `answer`. Fails when it does not answer within
/// `broker_limit`, refuses, or answers something else.
boost::asio::awaitable<Result<v1::Reply>> ask(Bus& bus, std::string verb,
                                              const google::protobuf::Message& question,
                                              google::protobuf::Message& answer);

/// The same without a question.
boost::asio::awaitable<Result<v1::Reply>> ask(Bus& bus, std::string verb,
                                              google::protobuf::Message& answer);

}  // namespace coven::cli
