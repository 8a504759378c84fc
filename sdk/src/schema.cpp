#include "coven/schema.hpp"

#include <memory>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include "coven/v1/verb.pb.h"

extern const unsigned char coven_schema_bytes[];
extern const std::size_t coven_schema_size;

namespace coven {

namespace {

constexpr const char* type_prefix = "type.googleapis.com";

/// Every message of this build, linked into this program or not.
struct KnownTypes {
    google::protobuf::DescriptorPool pool;
    google::protobuf::DynamicMessageFactory factory;
    std::unique_ptr<google::protobuf::util::TypeResolver> resolver;

    KnownTypes() {
        google::protobuf::FileDescriptorSet files;
        files.ParseFromArray(coven_schema_bytes, static_cast<int>(coven_schema_size));
        for (const auto& file : files.file()) pool.BuildFile(file);
        // The payload of a verb that no message names.
        google::protobuf::FileDescriptorProto with_struct;
        google::protobuf::Struct::descriptor()->file()->CopyTo(&with_struct);
        if (pool.FindFileByName(with_struct.name()) == nullptr) pool.BuildFile(with_struct);
        resolver.reset(
            google::protobuf::util::NewTypeResolverForDescriptorPool(type_prefix, &pool));
    }
};

KnownTypes& known_types() {
    // Built once, at the first use: a table of constants, not state.
    static KnownTypes types;
    return types;
}

/// The converter makes the best of malformed bytes; we would rather say that they are.
bool is_well_formed(KnownTypes& types, const std::string& name, const std::string& bytes) {
    const auto* type = types.pool.FindMessageTypeByName(name);
    if (type == nullptr) return false;
    const std::unique_ptr<google::protobuf::Message> message(
        types.factory.GetPrototype(type)->New());
    return message->ParseFromString(bytes);
}

std::optional<std::string> json_of(const std::string& name, const std::string& bytes) {
    auto& types = known_types();
    if (!is_well_formed(types, name, bytes)) return std::nullopt;
    const auto type_url = std::string(type_prefix) + "/" + name;
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    // Whoever reads it shall find a field wherever it looks, also one that is 0.
    options.always_print_primitive_fields = true;
    std::string json;
    const auto status = google::protobuf::util::BinaryToJsonString(types.resolver.get(), type_url,
                                                                   bytes, &json, options);
    if (!status.ok()) return std::nullopt;
    return json;
}

}  // namespace

std::string_view schema_bytes() {
    return {reinterpret_cast<const char*>(coven_schema_bytes), coven_schema_size};
}

std::optional<std::string> to_json(const google::protobuf::Any& message) {
    return json_of(message.type_url().substr(message.type_url().rfind('/') + 1), message.value());
}

std::optional<std::string> to_json(const google::protobuf::Message& message) {
    return json_of(message.GetDescriptor()->full_name(), message.SerializeAsString());
}

const google::protobuf::Descriptor* message_named(const std::string& name) {
    return known_types().pool.FindMessageTypeByName(name);
}

const google::protobuf::Descriptor* payload_type_of(std::string_view verb) {
    // The pool cannot be asked which files it has.
    google::protobuf::FileDescriptorSet files;
    files.ParseFromArray(coven_schema_bytes, static_cast<int>(coven_schema_size));
    for (const auto& file : files.file()) {
        for (const auto& message : file.message_type()) {
            const auto& said = message.options().GetExtension(v1::verb);
            if (said.empty() || said != verb) continue;
            return message_named(file.package() + "." + message.name());
        }
    }
    return message_named("google.protobuf.Struct");
}

Result<google::protobuf::Any> from_json(const google::protobuf::Descriptor& type,
                                        const std::string& json) {
    google::protobuf::Any payload;
    payload.set_type_url(std::string(type_prefix) + "/" + type.full_name());
    const auto status = google::protobuf::util::JsonToBinaryString(
        known_types().resolver.get(), payload.type_url(), json, payload.mutable_value());
    if (!status.ok()) return Error(std::string(status.message()));
    return payload;
}

}  // namespace coven
