#pragma once

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "call_table.hpp"

namespace coven::broker {

/// A table of calls with one connector, chat-1, that answers `chat.send` for all; a store that
/// stores at once.
class CallTest : public testing::Test {
  protected:
    CallTest() { hear("chat-1"); }

    static v1::ConnectorReady ready(const std::string& instance,
                                    v1::Presence::State state = v1::Presence::STATE_READY,
                                    const std::string& target = "*") {
        v1::ConnectorReady ready;
        ready.mutable_presence()->set_kind("chat");
        ready.mutable_presence()->set_instance(instance);
        ready.mutable_presence()->set_state(state);
        ready.add_verbs("chat.send");
        ready.add_targets(target);
        return ready;
    }
    void hear(const std::string& instance, v1::Presence::State state = v1::Presence::STATE_READY) {
        routes_.hear(ready(instance, state));
    }
    static v1::Request request(const std::string& id, const std::string& key = "",
                               const std::string& text = "hello") {
        v1::Request request;
        request.set_id(id);
        request.set_verb("chat.send");
        request.set_target("xqc");
        request.set_idempotency_key(key);
        request.mutable_payload()->set_type_url("test/text");
        request.mutable_payload()->set_value(text);
        return request;
    }
    static v1::Reply reply(v1::Reply::Status status, const std::string& code = "") {
        v1::Reply reply;
        reply.set_status(status);
        reply.set_code(code);
        return reply;
    }
    CallWork accept(const v1::Request& request, const std::string& user = "") {
        return table_.accept(request, {"from " + request.id(), user}, now_);
    }
    /// The same, and what it gives to store is stored.
    CallWork call(const v1::Request& request) {
        auto work = accept(request);
        if (work.stores.empty()) return work;
        return table_.stored(work.stores[0].call_id(), now_);
    }
    CallWork finish(const std::string& call_id, v1::Reply::Status status,
                    const std::string& code = "") {
        return table_.finished(call_id, reply(status, code), now_);
    }
    /// The one answer that is in `work`: its status and code.
    static std::string answer(const CallWork& work) {
        if (work.answers.size() != 1) return std::to_string(work.answers.size()) + " answers";
        const auto& reply = work.answers[0].reply;
        return v1::Reply::Status_Name(reply.status()) + " " + reply.code();
    }
    static std::string dispatched(const CallWork& work) {
        std::string all;
        for (const auto& dispatch : work.dispatches) {
            all += dispatch.to.instance + ":" + dispatch.request.id() + " ";
        }
        return all;
    }

    const ConnectorName first_{"chat", "chat-1"};
    Moment now_{Instant(std::chrono::seconds(1000)), 1'795'338'000'190'001};
    Routes routes_;
    CallTable table_{7, routes_};
};

}  // namespace coven::broker
