#include "vector.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include "coven/schema.hpp"
#include "coven/v1/event.pb.h"

namespace golden {

namespace {

using google::protobuf::Message;

std::filesystem::path path(const std::string& name, const char* extension) {
    return std::filesystem::path(COVEN_GOLDEN) / (name + extension);
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What stands after `# key: ` in the head of a .txtpb; empty = nothing.
std::string header(const std::string& text, const std::string& key) {
    const auto mark = "# " + key + ": ";
    const auto at = text.find(mark);
    if (at == std::string::npos) return "";
    const auto begin = at + mark.size();
    return text.substr(begin, text.find('\n', begin) - begin);
}

/// Map entries in the order of their keys, so that equal messages are equal bytes.
std::string serialize(const Message& message) {
    std::string bytes;
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
    coded.Trim();
    return bytes;
}

/// A tail that lies where no tail belongs. What only the broker knows is a lie: 99.
std::string misplaced_tail(const coven::v1::Event& truth) {
    coven::v1::Event event;
    event.set_producer_id(truth.producer_id());
    event.set_producer_seq(truth.producer_seq());
    event.set_flags(truth.flags());
    event.set_bus_epoch(99);
    event.set_offset(99);
    event.set_topic_seq(99);
    event.set_prev_offset(99);
    event.set_ingest_us(99);
    return event.SerializeAsString();
}

}  // namespace

std::string Vector::body() const { return topic.empty() ? bytes : bytes.substr(topic.size() + 1); }

std::string Vector::expected() const {
    // The tail has the highest numbers, so plain serialization puts it last.
    const auto plain = serialize(*message);
    if (name == "event_tail_appended_over_another") {
        coven::v1::Event truth;
        truth.ParseFromString(plain);
        return misplaced_tail(truth) + plain;
    }
    return topic.empty() ? plain : topic + '\0' + plain;
}

Vectors::Vectors() {
    google::protobuf::FileDescriptorSet files;
    files.ParseFromString(std::string(coven::schema_bytes()));
    for (const auto& file : files.file()) pool_.BuildFile(file);

    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(COVEN_GOLDEN)) {
        if (entry.path().extension() == ".txtpb") names.insert(entry.path().stem());
    }
    for (const auto& name : names) all_.push_back(load(name));
}

Vector Vectors::load(const std::string& name) {
    const auto text = read(path(name, ".txtpb"));
    const auto* type = pool_.FindMessageTypeByName(header(text, "proto-message"));
    if (type == nullptr) throw std::runtime_error(name + ".txtpb names no message of the schema");
    Vector vector{name, header(text, "topic"), nullptr, read(path(name, ".bin"))};
    vector.message.reset(factory_.GetPrototype(type)->New());
    if (!google::protobuf::TextFormat::ParseFromString(text, vector.message.get())) {
        throw std::runtime_error(name + ".txtpb is malformed");
    }
    return vector;
}

const Vector& Vectors::named(const std::string& name) const {
    for (const auto& vector : all_) {
        if (vector.name == name) return vector;
    }
    throw std::runtime_error("there is no golden vector " + name);
}

std::unique_ptr<Message> Vectors::decode(const Vector& like, const std::string& body) {
    std::unique_ptr<Message> message(like.message->New());
    if (!message->ParseFromString(body)) return nullptr;
    return message;
}

void rewrite(const std::string& name, const std::string& bytes) {
    std::ofstream(path(name, ".bin"), std::ios::binary) << bytes;
}

}  // namespace golden
