#include "coven/json_value.hpp"

#include <utility>

#include <simdjson.h>

namespace coven {

namespace {

constexpr std::size_t max_bytes = 64u << 20;
constexpr std::size_t max_depth = 64;

}  // namespace

struct JsonValue::Node {
    /// Owns the bytes that `element` refers to.
    std::shared_ptr<const simdjson::dom::parser> document;
    simdjson::dom::element element;
};

Result<JsonValue> JsonValue::parse(std::string_view text) {
    const auto parser = std::make_shared<simdjson::dom::parser>(max_bytes);
    auto failure = parser->allocate(text.size(), max_depth);
    simdjson::dom::element root;
    if (failure == simdjson::SUCCESS) failure = parser->parse(text.data(), text.size()).get(root);
    if (failure != simdjson::SUCCESS) {
        return Error("not JSON (" + std::to_string(text.size()) +
                     " bytes): " + simdjson::error_message(failure));
    }
    return JsonValue(std::make_shared<const Node>(Node{parser, root}));
}

bool JsonValue::is_null() const { return !node_ || node_->element.is_null(); }
bool JsonValue::is_array() const { return node_ && node_->element.is_array(); }
bool JsonValue::is_object() const { return node_ && node_->element.is_object(); }

JsonValue JsonValue::member(std::string_view name) const {
    simdjson::dom::element found;
    if (!is_object() || node_->element.at_key(name).get(found) != simdjson::SUCCESS) return {};
    return JsonValue(std::make_shared<const Node>(Node{node_->document, found}));
}

std::optional<std::string> JsonValue::text() const {
    std::string_view text;
    if (!node_ || node_->element.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
}

std::string JsonValue::text_or(std::string_view name, std::string fallback) const {
    return member(name).text().value_or(std::move(fallback));
}

std::optional<std::int64_t> JsonValue::number() const {
    std::int64_t number = 0;
    if (!node_ || node_->element.get_int64().get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
}

std::optional<bool> JsonValue::flag() const {
    bool flag = false;
    if (!node_ || node_->element.get_bool().get(flag) != simdjson::SUCCESS) return std::nullopt;
    return flag;
}

std::vector<JsonValue> JsonValue::items() const {
    std::vector<JsonValue> items;
    if (!is_array()) return items;
    for (const auto item : simdjson::dom::array(node_->element)) {
        items.push_back(JsonValue(std::make_shared<const Node>(Node{node_->document, item})));
    }
    return items;
}

}  // namespace coven
