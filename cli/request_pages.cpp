#include "request_pages.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "coven/schema.hpp"

namespace json = boost::json;

namespace coven::cli {

namespace {

json::object object_of(const google::protobuf::Any& payload) {
    boost::system::error_code fault;
    const auto value = json::parse(to_json(payload).value_or("{}"), fault);
    return value.is_object() ? value.as_object() : json::object();
}

/// Where the next page begins: `next`, or the last of the topics.
std::optional<json::value> end_of(const json::object& answer) {
    if (const auto* next = answer.if_contains("next")) return *next;
    const auto* topics = answer.if_contains("topics");
    const bool some = topics != nullptr && topics->is_array() && !topics->as_array().empty();
    if (!some) return std::nullopt;
    return topics->as_array().back().at("head").at("topic");
}

}  // namespace

Result<std::optional<v1::Request>> request_of_next_page(v1::Request request,
                                                        const v1::Reply& reply) {
    if (!reply.more()) return std::optional<v1::Request>();
    auto end = end_of(object_of(reply.payload()));
    if (!end) return Error("there is more, but the answer does not say where it begins");
    auto question = object_of(request.payload());
    // Where the first page of stored events began.
    for (const char* begin : {"since_us", "first"}) question.erase(begin);
    question["after"] = *std::move(end);
    auto payload = from_json(*payload_type_of(request.verb()), json::serialize(question));
    if (payload.has_error()) return payload.error();
    *request.mutable_payload() = *std::move(payload);
    return std::optional<v1::Request>(std::move(request));
}

}  // namespace coven::cli
