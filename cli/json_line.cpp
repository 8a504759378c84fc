#include "json_line.hpp"

#include <array>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <google/protobuf/stubs/strutil.h>

#include "coven/schema.hpp"
#include "loss_text.hpp"
#include "safe_text.hpp"
#include "time_text.hpp"

namespace coven::cli {

namespace {

constexpr std::array flag_names = {
    std::pair{v1::EVENT_FLAG_STATE, "state"},
    std::pair{v1::EVENT_FLAG_MAYBE_DUPLICATE, "maybe_duplicate"},
    std::pair{v1::EVENT_FLAG_SYNTHETIC, "synthetic"},
    std::pair{v1::EVENT_FLAG_BACKFILLED, "backfilled"},
    std::pair{v1::EVENT_FLAG_STATE_OVER, "state_over"},
    std::pair{v1::EVENT_FLAG_NOT_STORED, "not_stored"},
};

std::string text_or_null(const std::string& text) {
    return text.empty() ? "null" : json_text(text);
}

std::string flags_json(std::uint64_t flags) {
    std::string list;
    for (const auto& [bit, name] : flag_names) {
        if ((flags & static_cast<std::uint64_t>(bit)) == 0) continue;
        list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", name);
    }
    return "[" + list + "]";
}

std::string base64(const std::string& bytes) {
    std::string text;
    google::protobuf::Base64Escape(bytes, &text);
    return text;
}

/// Bytes of a type that this build does not know.
std::string unknown_json(const google::protobuf::Any& payload) {
    return fmt::format(R"({{"@type":{},"value":"{}"}})", json_text(payload.type_url()),
                       base64(payload.value()));
}

/// Parsed and written again, so that what is no JSON cannot break out of its place.
std::string foreign_json(const std::string& text) {
    boost::system::error_code fault;
    const auto value = boost::json::parse(text, fault);
    return fault ? json_text(text) : boost::json::serialize(value);
}

std::string loss_json(const v1::Lost& lost) {
    const auto events = lost_events(lost);
    return fmt::format(
        R"({{"lost":{{"reason":"{}","events":{},"epoch":"{}","first_seq":"{}","last_seq":"{}",)"
        R"("after_offset":"{}","through_offset":"{}"}},"topic":{}}})",
        loss_reason(lost), events ? fmt::format("\"{}\"", *events) : "null", lost.bus_epoch(),
        lost.first_seq(), lost.last_seq(), lost.after_offset(), lost.through_offset(),
        json_text(lost.topic()));
}

std::string truncation_json(const v1::Truncated& truncated) {
    return fmt::format(
        R"({{"truncated":{{"reason":"{}","family":{},"from_offset":"{}","to_offset":"{}"}}}})",
        truncation_reason(truncated), json_text(truncated.family()), truncated.from(),
        truncated.to());
}

}  // namespace

std::string json_text(const std::string& text) {
    return boost::json::serialize(boost::json::string_view(text));
}

std::string payload_json(const Event& event) {
    const auto& message = event.message();
    switch (message.data_case()) {
        case v1::Event::kProtoData: {
            auto json = to_json(message.proto_data());
            return json ? *std::move(json) : unknown_json(message.proto_data());
        }
        case v1::Event::kTextData:
            return foreign_json(message.text_data());
        case v1::Event::kBinaryData:
            return "\"" + base64(message.binary_data()) + "\"";
        case v1::Event::DATA_NOT_SET:
            break;
    }
    return "null";
}

std::string json_line(const Event& event) {
    if (event.lost()) return safe_json(loss_json(*event.lost()));
    if (event.truncated()) return safe_json(truncation_json(*event.truncated()));
    const auto& message = event.message();
    return safe_json(fmt::format(
        R"({{"topic":{},"id":{},"type":{},"source":{},"time":{},"received":{},"epoch":"{}",)"
        R"("offset":"{}","topic_seq":"{}","flags":{},"channel":{},"channel_id":{},"payload":{}}})",
        json_text(event.topic()), json_text(event.id()), json_text(event.type()),
        json_text(event.source()), text_or_null(utc_text(message.occurred_us())),
        text_or_null(utc_text(message.received_us())), message.bus_epoch(), message.offset(),
        message.topic_seq(), flags_json(message.flags()), text_or_null(message.channel_login()),
        text_or_null(message.channel_id()), payload_json(event)));
}

}  // namespace coven::cli
