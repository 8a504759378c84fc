#include "call_players_for_test.hpp"

#include <gtest/gtest.h>

namespace coven::broker {

PlayedConnector::PlayedConnector(const Endpoints& doors, std::string instance, std::string target)
    : doors_(doors),
      asker_(std::make_unique<Asker>(doors)),
      instance_(std::move(instance)),
      target_(std::move(target)) {
    EXPECT_EQ(words(say("connector.ready")), "OK");
}

void PlayedConnector::reconnect() {
    asker_ = std::make_unique<Asker>(doors_);
    commands_.clear();
    replies_.clear();
}

v1::Reply PlayedConnector::say(const std::string& verb, v1::Presence::State state) {
    state_ = state;
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("chat");
    ready.mutable_presence()->set_instance(instance_);
    ready.mutable_presence()->set_state(state);
    ready.add_verbs("chat.send");
    ready.add_targets(target_);
    v1::Request request;
    request.set_verb(verb);
    request.mutable_payload()->PackFrom(ready);
    return ask(request);
}

v1::Reply PlayedConnector::ask(const v1::Request& request) {
    asker_->send({request.SerializeAsString()});
    while (replies_.empty()) {
        receive();
        if (testing::Test::HasFatalFailure()) return {};
    }
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
}

void PlayedConnector::receive() {
    const auto frames = asker_->receive();
    if (frames.size() == 1) return replies_.emplace_back().ParseFromString(frames[0]), void();
    ASSERT_EQ(frames.size(), 3u) << "nothing came, or what is neither reply nor command";
    ASSERT_EQ(frames[0], "command");
    ASSERT_EQ(frames[1], "");
    ASSERT_TRUE(commands_.emplace_back().ParseFromString(frames[2]));
}

v1::Request PlayedConnector::next() {
    while (commands_.empty()) {
        receive();
        if (testing::Test::HasFatalFailure()) return {};
    }
    auto command = std::move(commands_.front());
    commands_.pop_front();
    return command;
}

std::size_t PlayedConnector::waiting() {
    say("connector.beat", state_);
    return commands_.size();
}

namespace {

v1::Request answer_of(const std::string& call_id, v1::Reply::Status status,
                      const std::string& code) {
    v1::Reply outcome;
    outcome.set_id(call_id);
    outcome.set_status(status);
    outcome.set_code(code);
    v1::Request request;
    request.set_id("answer to " + call_id);
    request.set_verb("connector.answer");
    request.mutable_payload()->PackFrom(outcome);
    return request;
}

}  // namespace

v1::Reply PlayedConnector::answer(const std::string& call_id, v1::Reply::Status status,
                                  const std::string& code) {
    return ask(answer_of(call_id, status, code));
}

void PlayedConnector::send_answer(const std::string& call_id, v1::Reply::Status status,
                                  const std::string& code) {
    asker_->send({answer_of(call_id, status, code).SerializeAsString()});
}

v1::Request call_to(const std::string& target, const std::string& key, const std::string& text) {
    constexpr std::uint64_t deadline_ms = 60'000;
    v1::Request request;
    request.set_verb("chat.send");
    request.set_target(target);
    request.set_idempotency_key(key);
    request.set_deadline_ms(deadline_ms);
    request.mutable_payload()->set_type_url("test/text");
    request.mutable_payload()->set_value(text);
    return request;
}

void Caller::send(const std::string& id, v1::Request request) {
    request.set_id(id);
    asker_.send({request.SerializeAsString()});
}

v1::Reply Caller::reply() {
    const auto frames = asker_.receive();
    v1::Reply reply;
    EXPECT_TRUE(frames.size() == 1 && reply.ParseFromString(frames[0]));
    return reply;
}

std::optional<v1::Reply> Caller::reply_that_is_there() {
    if (!asker_.has_answer()) return std::nullopt;
    return reply();
}

std::string words(const v1::Reply& reply) {
    const auto& status = v1::Reply::Status_Name(reply.status());
    return reply.code().empty() ? status : status + " " + reply.code();
}

}  // namespace coven::broker
