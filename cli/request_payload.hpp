#pragma once

#include <string>
#include <vector>

#include <google/protobuf/any.pb.h>

#include "coven/result.hpp"

namespace coven::cli {

/// The payload of a request with `verb`: `json` if that is not empty, changed by `words`, each
/// KEY=VALUE. A key may have dots (`from.time_us=5`) and be repeated for a list. Values are read as
/// the field's type wants it; where the verb has no type of its own, as JSON, else as text.
Result<google::protobuf::Any> payload_of(const std::string& verb,
                                         const std::vector<std::string>& words,
                                         const std::string& json);

}  // namespace coven::cli
