#include "coven/command.hpp"

namespace coven {

v1::Request request_of(const std::string& verb) {
    v1::Request request;
    request.set_verb(verb);
    return request;
}

v1::Request request_of(const std::string& verb, const google::protobuf::Message& payload) {
    auto request = request_of(verb);
    request.mutable_payload()->PackFrom(payload);
    return request;
}

v1::Reply reply_of(v1::Reply::Status status, const std::string& code, const std::string& message) {
    v1::Reply reply;
    reply.set_status(status);
    reply.set_code(code);
    reply.set_message(message);
    return reply;
}

v1::Reply reply_with(const google::protobuf::Message& payload) {
    v1::Reply reply;
    reply.set_status(v1::Reply::OK);
    reply.mutable_payload()->PackFrom(payload);
    return reply;
}

v1::Reply rejection(const std::string& code, const std::string& message) {
    return reply_of(v1::Reply::REJECTED, code, message);
}

}  // namespace coven
