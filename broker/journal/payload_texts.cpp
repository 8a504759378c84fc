#include "journal/payload_texts.hpp"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "coven/schema.hpp"
#include "coven/v1/event.pb.h"
#include "wire_reader.hpp"

namespace coven::broker {

namespace {

using google::protobuf::Any;
using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;

/// Shows each field of a message until `take` gives false. Whether all of them were well-formed.
bool for_each_field(std::string_view message, const std::function<bool(const WireField&)>& take) {
    WireReader reader(message);
    while (!reader.left().empty()) {
        const auto field = reader.next();
        if (!field || !take(*field)) return false;
    }
    return true;
}

void visit_object(const Struct& object, const PayloadTexts::Visit& visit) {
    for (const auto& [name, value] : object.fields()) {
        if (value.has_string_value()) visit(name, value.string_value());
        const bool wrapper = name == "payload" || name == "event";
        if (wrapper && value.has_struct_value()) visit_object(value.struct_value(), visit);
    }
}

bool visit_json(std::string_view json, const PayloadTexts::Visit& visit) {
    Struct object;
    const auto status = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(json.data(), json.size()), &object);
    if (!status.ok()) return false;
    visit_object(object, visit);
    return true;
}

}  // namespace

PayloadTexts::PayloadTexts() {
    google::protobuf::FileDescriptorSet files;
    const auto schema = schema_bytes();
    files.ParseFromArray(schema.data(), static_cast<int>(schema.size()));
    for (const auto& file : files.file()) pool_.BuildFile(file);
}

const std::optional<PayloadTexts::Fields>& PayloadTexts::fields_of(std::string_view type_url) {
    const std::string name(type_url.substr(type_url.rfind('/') + 1));
    const auto [found, fresh] = types_.try_emplace(name);
    if (!fresh) return found->second;
    const auto* type = pool_.FindMessageTypeByName(name);
    if (type == nullptr) return found->second;
    auto& fields = found->second.emplace();
    for (int i = 0; i < type->field_count(); ++i) {
        const auto* field = type->field(i);
        if (field->type() != FieldDescriptor::TYPE_STRING) continue;
        fields.emplace(static_cast<std::uint32_t>(field->number()), field->name());
    }
    return found->second;
}

bool PayloadTexts::visit_any(std::string_view any, const Visit& visit) {
    std::string_view type_url;
    std::string_view value;
    const bool whole = for_each_field(any, [&](const WireField& field) {
        if (field.number == Any::kTypeUrlFieldNumber) type_url = field.bytes;
        if (field.number == Any::kValueFieldNumber) value = field.bytes;
        return true;
    });
    const auto& fields = fields_of(type_url);
    if (!whole || !fields) return false;
    return for_each_field(value, [&](const WireField& field) {
        const auto name = fields->find(field.number);
        if (name != fields->end()) visit(name->second, field.bytes);
        return true;
    });
}

bool PayloadTexts::visit(std::string_view frame, const Visit& visit) {
    const auto end = frame.find('\0');
    if (end == std::string_view::npos) return false;
    return for_each_field(frame.substr(end + 1), [&](const WireField& field) {
        switch (field.number) {
            case v1::Event::kBinaryDataFieldNumber:
                return false;
            case v1::Event::kTextDataFieldNumber:
                return visit_json(field.bytes, visit);
            case v1::Event::kProtoDataFieldNumber:
                return visit_any(field.bytes, visit);
            default:
                return true;
        }
    });
}

}  // namespace coven::broker
