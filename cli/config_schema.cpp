#include <charconv>

#include <boost/json.hpp>

#include "config_sections.hpp"
#include "pretty_json.hpp"

namespace json = boost::json;

namespace coven::cli {

namespace {

using Kind = Setting::Kind;

constexpr const char* dialect = "https://json-schema.org/draft/2020-12/schema";
constexpr const char* duration_pattern = "^([0-9]+(ms|s|m|h|d)|0)$";
constexpr const char* address_pattern = "^(tcp://.+:[0-9]+|ipc://.+)$";

json::value number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

json::array array_of(const std::vector<std::string>& texts) {
    json::array array;
    for (const auto& text : texts) array.emplace_back(text);
    return array;
}

void describe_number(const Setting& setting, json::object& schema) {
    schema["type"] = "integer";
    const std::string_view allowed = setting.allowed;
    const auto dots = allowed.find("..");
    if (dots == std::string_view::npos) return;
    if (dots > 0) schema["minimum"] = number_in(allowed.substr(0, dots));
    if (dots + 2 < allowed.size()) schema["maximum"] = number_in(allowed.substr(dots + 2));
}

void describe_list(json::object& schema) {
    schema["type"] = json::array{"array", "string"};
    schema["items"] = {{"type", "string"}};
}

void describe_text(const Setting& setting, json::object& schema) {
    schema["type"] = "string";
    if (setting.kind == Kind::choice) schema["enum"] = array_of(setting.choices());
    if (setting.kind == Kind::duration) schema["pattern"] = duration_pattern;
    if (setting.kind == Kind::address) schema["pattern"] = address_pattern;
    if (setting.kind == Kind::url) schema["pattern"] = "^(" + setting.allowed + ")://[^/ ]";
}

json::value default_of(const Setting& setting) {
    if (setting.kind == Kind::number) return number_in(setting.fallback);
    if (setting.kind == Kind::flag) return setting.fallback == "true";
    if (setting.kind != Kind::list) return json::value(setting.fallback);
    const auto config = Config::defaults({setting});
    return array_of(config.list(setting.key));
}

json::object schema_of(const Setting& setting) {
    json::object schema = {{"description", setting.help}};
    if (setting.kind == Kind::number) {
        describe_number(setting, schema);
    } else if (setting.kind == Kind::flag) {
        schema["type"] = "boolean";
    } else if (setting.kind == Kind::list) {
        describe_list(schema);
    } else {
        describe_text(setting, schema);
    }
    if (setting.kind != Kind::secret) schema["default"] = default_of(setting);
    return schema;
}

json::object schema_of(const Section& section) {
    json::object properties;
    for (const auto& setting : section.settings) properties[setting.name()] = schema_of(setting);
    return {{"type", "object"},
            {"description", section.title},
            {"additionalProperties", false},
            {"properties", properties}};
}

/// [NAME] of a program that does not say what it reads there.
json::object open_schema(const std::string& name) {
    return {{"type", "object"}, {"description", "For the program that is connectors." + name}};
}

/// [connectors.NAME] command = ["python3", "mine.py"].
json::object foreign_schema() {
    const json::object command = {{"type", "array"},
                                  {"description", "the program and its arguments"},
                                  {"items", {{"type", "string"}}},
                                  {"minItems", 1}};
    const json::object connector = {{"type", "object"},
                                    {"additionalProperties", false},
                                    {"required", {"command"}},
                                    {"properties", {{"command", command}}}};
    return {{"type", "object"},
            {"description", "Programs that coven up starts, each under its name"},
            {"additionalProperties", connector}};
}

}  // namespace

std::string config_schema(const std::vector<Section>& sections,
                          const std::vector<std::string>& foreign) {
    json::object properties;
    for (const auto& name : foreign) properties[name] = open_schema(name);
    for (const auto& section : sections) properties[section.name] = schema_of(section);
    properties[foreign_section] = foreign_schema();
    const json::object schema = {{"$schema", dialect},
                                 {"title", "coven.toml"},
                                 {"type", "object"},
                                 {"additionalProperties", false},
                                 {"properties", properties}};
    return pretty(schema);
}

}  // namespace coven::cli
