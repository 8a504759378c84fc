#include "request_payload.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <google/protobuf/descriptor.h>

#include "coven/nearest.hpp"
#include "coven/schema.hpp"

namespace coven::cli {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

/// A type that says nothing about its members; null stands for one, too.
bool is_open(const Descriptor* type) {
    return type == nullptr || type->full_name() == "google.protobuf.Struct" ||
           type->options().map_entry();
}

Error unknown_field(const Descriptor& type, const std::string& name) {
    std::vector<std::string> known;
    std::string listed;
    for (int i = 0; i < type.field_count(); ++i) {
        known.push_back(type.field(i)->name());
        listed += (listed.empty() ? "" : ", ") + type.field(i)->name();
    }
    const auto meant = did_you_mean(name, known);
    if (!meant.empty()) return Error(type.name() + " has no field '" + name + "'" + meant);
    return Error(type.name() + " has no field '" + name + "', only " + listed);
}

/// Text stays text where the field is one: a channel may be called "123".
boost::json::value value_of(const FieldDescriptor* field, const std::string& text) {
    const bool is_text = field != nullptr && (field->type() == FieldDescriptor::TYPE_STRING ||
                                              field->type() == FieldDescriptor::TYPE_BYTES ||
                                              field->type() == FieldDescriptor::TYPE_ENUM);
    if (is_text) return boost::json::string(text);
    boost::json::error_code fault;
    auto value = boost::json::parse(text, fault);
    if (fault) return boost::json::string(text);
    return value;
}

/// A second value of the same name makes a list of both.
void put(boost::json::object& object, const std::string& name, const FieldDescriptor* field,
         boost::json::value value) {
    const bool is_list = field != nullptr && field->is_repeated() && !field->is_map();
    if (is_list && !value.is_array() && !object.contains(name)) {
        object[name] = boost::json::array();
    }
    if (!object.contains(name)) {
        object[name] = std::move(value);
        return;
    }
    auto& there = object[name];
    if (!there.is_array()) there = boost::json::array{there};
    there.as_array().push_back(std::move(value));
}

Result<void> add(boost::json::object& object, const Descriptor* type, const std::string& path,
                 const std::string& text) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    if (name.empty()) return Error("a name is missing before '=' or '.'");
    const auto* field = is_open(type) ? nullptr : type->FindFieldByName(name);
    if (!is_open(type) && field == nullptr) return unknown_field(*type, name);
    if (dot == std::string::npos) {
        put(object, name, field, value_of(field, text));
        return {};
    }
    if (field != nullptr && field->message_type() == nullptr) {
        return Error("'" + name + "' of " + type->name() + " has no fields of its own");
    }
    auto& inner = object[name];
    if (inner.is_null()) inner = boost::json::object();
    if (!inner.is_object()) return Error("'" + name + "' has a value already");
    const auto* inner_type = field == nullptr ? nullptr : field->message_type();
    return add(inner.as_object(), inner_type, path.substr(dot + 1), text);
}

Result<boost::json::object> object_in(const std::string& json) {
    if (json.empty()) return boost::json::object();
    boost::json::error_code fault;
    auto value = boost::json::parse(json, fault);
    if (fault) return Error("--payload is no JSON: " + fault.message());
    if (!value.is_object()) return Error("--payload must be an object, as '{\"sides\": 6}'");
    return value.as_object();
}

}  // namespace

Result<google::protobuf::Any> payload_of(const std::string& verb,
                                         const std::vector<std::string>& words,
                                         const std::string& json) {
    if (words.empty() && json.empty()) return google::protobuf::Any();
    const auto* type = payload_type_of(verb);
    auto object = object_in(json);
    if (object.has_error()) return object.error();
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
            return Error("'" + word + "' is no KEY=VALUE");
        }
        const auto added = add(*object, type, word.substr(0, equals), word.substr(equals + 1));
        if (added.has_error()) return added.error();
    }
    auto payload = from_json(*type, boost::json::serialize(*object));
    if (payload.has_error()) return Error(type->name() + ": " + payload.error().message);
    return payload;
}

}  // namespace coven::cli
