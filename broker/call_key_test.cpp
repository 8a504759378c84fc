#include "call_key.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

TEST(CallKey, TheHashIsFnv1aOfTypeNulAndBytes) {
    v1::Request request;
    EXPECT_EQ(payload_hash(request), 0xaf63bd4c8601b7dfu);
    request.mutable_payload()->set_type_url("a");
    const auto of_type = payload_hash(request);
    request.mutable_payload()->set_type_url("");
    request.mutable_payload()->set_value("a");
    EXPECT_NE(payload_hash(request), of_type);
}

TEST(CallKey, IsTheSameForARequestAndItsRecord) {
    v1::Request request;
    request.set_verb("chat.send");
    request.set_target("xqc");
    request.set_idempotency_key("k");
    v1::StoredCall call;
    call.set_user("u");
    call.set_verb("chat.send");
    call.set_target("xqc");
    call.set_idempotency_key("k");
    EXPECT_EQ(key_of("u", request), key_of(call));
    EXPECT_NE(key_of("", request), key_of(call));
}

}  // namespace
}  // namespace coven::broker
