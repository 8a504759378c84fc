#pragma once

#include <string>

#include "coven/event.hpp"

namespace coven::cli {

/// An event as one line of JSON, without its end. The keys are always there and in the same order;
/// 64-bit numbers are strings, as in protobuf's JSON. A loss is `{"lost":{…},"topic":…}`,
/// and what is not kept any more `{"truncated":{…}}`.
std::string json_line(const Event& event);

/// What happened, as compact JSON: the typed payload; Twitch's own JSON for types not known yet;
/// null where there is nothing.
std::string payload_json(const Event& event);

/// `text` in quotes.
std::string json_text(const std::string& text);

}  // namespace coven::cli
