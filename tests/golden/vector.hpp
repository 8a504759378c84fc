#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

namespace golden {

/// One golden vector: what NAME.txtpb says, and the bytes of NAME.bin that belong to it.
struct Vector {
    std::string name;
    /// Set where the .bin is a whole frame, `topic NUL body`.
    std::string topic;
    std::unique_ptr<google::protobuf::Message> message;
    /// The .bin as it lies on disk.
    std::string bytes;

    /// `bytes` without the topic.
    std::string body() const;
    /// What `bytes` has to be by the rules of the wire.
    std::string expected() const;
};

/// Every vector of proto/golden, decoded with the schema of this build.
class Vectors {
  public:
    Vectors();

    const std::vector<Vector>& all() const { return all_; }
    const Vector& named(const std::string& name) const;
    /// Parses `body` as the type of `like`; nullptr when it is malformed.
    std::unique_ptr<google::protobuf::Message> decode(const Vector& like, const std::string& body);
    const google::protobuf::DescriptorPool& pool() const { return pool_; }

  private:
    Vector load(const std::string& name);

    google::protobuf::DescriptorPool pool_;
    google::protobuf::DynamicMessageFactory factory_{&pool_};
    std::vector<Vector> all_;
};

/// Writes `bytes` to proto/golden/NAME.bin.
void rewrite(const std::string& name, const std::string& bytes);

/// Length of an event's tail: eight fixed64 fields with tags of two bytes.
inline constexpr std::size_t tail_bytes = 80;

}  // namespace golden
