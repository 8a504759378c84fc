#include "replies.hpp"

namespace coven::broker {

v1::Reply reply_of(v1::Reply::Status status, const char* code, const std::string& message) {
    v1::Reply reply;
    reply.set_status(status);
    reply.set_code(code);
    reply.set_message(message);
    return reply;
}

v1::Reply ok() {
    v1::Reply reply;
    reply.set_status(v1::Reply::OK);
    return reply;
}

v1::Reply ok(const google::protobuf::Message& payload) {
    auto reply = ok();
    reply.mutable_payload()->PackFrom(payload);
    return reply;
}

v1::Reply with_id(const std::string& id, v1::Reply reply) {
    reply.set_id(id);
    return reply;
}

v1::Reply wrong_payload(const char* expected) {
    return reply_of(v1::Reply::REJECTED, "payload_malformed",
                    std::string("payload is no well-formed ") + expected);
}

v1::Reply not_stored(const std::string& reason) {
    auto reply = reply_of(v1::Reply::FAILED, "not_stored",
                          "the journal stores nothing now: " + reason + "; ask again later");
    reply.set_retry_after_ms(1000);
    return reply;
}

}  // namespace coven::broker
