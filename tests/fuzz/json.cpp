// JSON from somewhere on the network.

#include <algorithm>
#include <string>

#include "coven/json_value.hpp"
#include "coven/utf8.hpp"
#include "target.hpp"

namespace {

/// Returns how deep `value` goes.
int walk(const coven::JsonValue& value) {
    const auto text = value.text();
    const bool is_number = value.number().has_value();
    const int kinds = int(value.is_null()) + int(value.is_array()) + int(value.is_object()) +
                      int(text.has_value()) + int(is_number) + int(value.flag().has_value());
    demand(kinds <= 1, "a value is of one kind");
    if (text) demand(coven::is_utf8(*text), "texts are UTF-8");
    int deepest = 0;
    const auto items = value.items();
    demand(items.empty() || value.is_array(), "only arrays have items");
    for (const auto& item : items) deepest = std::max(deepest, walk(item));
    for (const char* name : {"data", "id", "message", "scope", ""}) {
        const auto member = value.member(name);
        demand(member.is_null() || value.is_object(), "only objects have members");
        if (!member.is_null()) deepest = std::max(deepest, walk(member));
    }
    return deepest + 1;
}

}  // namespace

void look_at(std::string_view input) {
    const auto value = coven::JsonValue::parse(input);
    if (value.has_value()) {
        demand(walk(*value) <= 65, "depth is bounded");
        return;
    }
    const auto& reason = value.error().message;
    demand(reason.starts_with("not JSON ("), "an error says what it is about");
    demand(reason.find('\n') == std::string::npos, "on one line");
    constexpr std::size_t longer_than_any = 200;
    demand(reason.size() < longer_than_any, "and repeats nothing that long");
}
