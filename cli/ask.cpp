#include "ask.hpp"

#include <chrono>

#include "coven/race.hpp"
#include "safe_text.hpp"
#include "watch.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

/// Longer than `broker_limit`, which ends the wait first.
constexpr std::chrono::seconds request_limit{60};

}  // namespace

asio::awaitable<Result<v1::Reply>> ask(Bus& bus, std::string verb,
                                       const google::protobuf::Message& question,
                                       google::protobuf::Message& answer) {
    v1::Request request;
    request.set_verb(verb);
    if (question.ByteSizeLong() > 0) request.mutable_payload()->PackFrom(question);
    auto first = co_await race(bus.request(std::move(request), request_limit),
                               bus.clock().sleep(broker_limit));
    if (first.index() == 1) {
        co_return Error("no answer from the broker within 2 s: is `coven up` running?");
    }
    auto reply = std::get<0>(std::move(first));
    if (reply.status() != v1::Reply::OK) {
        co_return Error(verb + " was refused: " + safe_text(reply.code() + " " + reply.message()));
    }
    if (!reply.payload().UnpackTo(&answer)) {
        co_return Error(verb + " was answered with " + safe_text(reply.payload().type_url()) +
                        ", not with " + answer.GetTypeName());
    }
    co_return reply;
}

asio::awaitable<Result<v1::Reply>> ask(Bus& bus, std::string verb,
                                       google::protobuf::Message& answer) {
    const v1::Request nothing;
    co_return co_await ask(bus, std::move(verb), nothing, answer);
}

}  // namespace coven::cli
