#include "pretty_json.hpp"

#include <boost/json.hpp>

namespace json = boost::json;

namespace coven::cli {

namespace {

constexpr std::size_t step = 2;

bool is_flat(const json::array& array) {
    for (const auto& item : array) {
        if (item.is_structured()) return false;
    }
    return true;
}

std::string written(const json::value& value, std::size_t indent);

/// `parts` between brackets, each on a line of its own.
std::string block(const std::vector<std::string>& parts, const char* brackets, std::size_t indent) {
    std::string text(1, brackets[0]);
    for (const auto& part : parts) {
        text.append(text.size() == 1 ? "\n" : ",\n").append(indent + step, ' ').append(part);
    }
    text.append("\n").append(indent, ' ');
    return text + brackets[1];
}

std::string written(const json::object& object, std::size_t indent) {
    if (object.empty()) return "{}";
    std::vector<std::string> parts;
    for (const auto& [name, value] : object) {
        parts.push_back(json::serialize(json::value(name)) + ": " + written(value, indent + step));
    }
    return block(parts, "{}", indent);
}

std::string written(const json::array& array, std::size_t indent) {
    if (is_flat(array)) return json::serialize(array);
    std::vector<std::string> parts;
    parts.reserve(array.size());
    for (const auto& value : array) parts.push_back(written(value, indent + step));
    return block(parts, "[]", indent);
}

std::string written(const json::value& value, std::size_t indent) {
    if (value.is_object()) return written(value.get_object(), indent);
    if (value.is_array()) return written(value.get_array(), indent);
    return json::serialize(value);
}

}  // namespace

std::string pretty(const json::value& value) { return written(value, 0); }

}  // namespace coven::cli
