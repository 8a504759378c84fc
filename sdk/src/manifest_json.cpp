#include "coven/manifest_json.hpp"

#include <array>
#include <utility>

#include <boost/json.hpp>

#include "coven/daemon.hpp"

namespace coven {

namespace {

constexpr std::array kinds = {
    std::pair{Setting::Kind::text, std::string_view("text")},
    std::pair{Setting::Kind::number, std::string_view("number")},
    std::pair{Setting::Kind::flag, std::string_view("flag")},
    std::pair{Setting::Kind::duration, std::string_view("duration")},
    std::pair{Setting::Kind::list, std::string_view("list")},
    std::pair{Setting::Kind::secret, std::string_view("secret")},
    std::pair{Setting::Kind::choice, std::string_view("choice")},
    std::pair{Setting::Kind::address, std::string_view("address")},
    std::pair{Setting::Kind::url, std::string_view("url")},
    std::pair{Setting::Kind::listen, std::string_view("listen")},
    std::pair{Setting::Kind::file, std::string_view("file")},
    std::pair{Setting::Kind::path, std::string_view("path")},
};

std::string_view name_of(Setting::Kind kind) {
    for (const auto& [known, name] : kinds) {
        if (known == kind) return name;
    }
    return "text";
}

/// A kind that only a newer program knows is read as text.
Setting::Kind kind_named(std::string_view wanted) {
    for (const auto& [kind, name] : kinds) {
        if (name == wanted) return kind;
    }
    return Setting::Kind::text;
}

boost::json::array array_of(const std::vector<std::string>& texts) {
    boost::json::array array;
    for (const auto& text : texts) array.emplace_back(text);
    return array;
}

/// Empty where there is no such text.
std::string text_in(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->c_str(), text->size());
}

/// The objects of a list; none where there is no such list.
std::vector<boost::json::object> objects_in(const boost::json::object& object,
                                            std::string_view name) {
    std::vector<boost::json::object> all;
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_array()) return all;
    for (const auto& item : value->get_array()) {
        if (item.is_object()) all.push_back(item.get_object());
    }
    return all;
}

std::vector<std::string> texts_in(const boost::json::object& object, std::string_view name) {
    std::vector<std::string> all;
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_array()) return all;
    for (const auto& item : value->get_array()) {
        if (item.is_string()) all.emplace_back(item.get_string().c_str());
    }
    return all;
}

boost::json::array settings_json(const Manifest& manifest) {
    boost::json::array settings;
    for (const auto& setting : manifest.settings) {
        settings.push_back({{"key", setting.key},
                            {"kind", boost::json::string(name_of(setting.kind))},
                            {"default", setting.fallback},
                            {"allowed", setting.allowed},
                            {"help", setting.help}});
    }
    return settings;
}

boost::json::array flags_json(const Manifest& manifest) {
    boost::json::array flags;
    for (const auto& flag : flags_of(manifest)) {
        flags.push_back({{"name", flag.name},
                         {"others", array_of(flag.others)},
                         {"value", flag.value},
                         {"kind", boost::json::string(name_of(flag.kind))},
                         {"choices", array_of(flag.choices)},
                         {"default", flag.fallback},
                         {"variable", flag.variable},
                         {"key", flag.key},
                         {"help", flag.help}});
    }
    return flags;
}

}  // namespace

std::string json_of(const Manifest& manifest) {
    boost::json::array topics;
    for (const auto& topic : manifest.topics) {
        topics.push_back(
            {{"topic", topic.topic}, {"payload", topic.payload}, {"summary", topic.summary}});
    }
    boost::json::array examples;
    for (const auto& example : manifest.examples) {
        examples.push_back({{"command", example.command}, {"purpose", example.purpose}});
    }
    const boost::json::object all = {{"kind", manifest.kind},
                                     {"version", version()},
                                     {"summary", manifest.summary},
                                     {"topics", topics},
                                     {"verbs", array_of(manifest.verbs)},
                                     {"scopes", array_of(manifest.scopes)},
                                     {"optional_scopes", array_of(manifest.optional_scopes)},
                                     {"settings", settings_json(manifest)},
                                     {"flags", flags_json(manifest)},
                                     {"examples", examples}};
    return boost::json::serialize(all);
}

Result<Manifest> manifest_from_json(std::string_view text) {
    boost::system::error_code fault;
    const auto json = boost::json::parse({text.data(), text.size()}, fault);
    if (fault || !json.is_object()) return Error("manifest is no JSON object");
    const auto& all = json.get_object();
    Manifest manifest;
    manifest.kind = text_in(all, "kind");
    if (manifest.kind.empty()) return Error("manifest has no kind");
    manifest.summary = text_in(all, "summary");
    manifest.verbs = texts_in(all, "verbs");
    manifest.scopes = texts_in(all, "scopes");
    manifest.optional_scopes = texts_in(all, "optional_scopes");
    for (const auto& topic : objects_in(all, "topics")) {
        manifest.topics.push_back(
            {text_in(topic, "topic"), text_in(topic, "payload"), text_in(topic, "summary")});
    }
    for (const auto& setting : objects_in(all, "settings")) {
        manifest.settings.push_back({text_in(setting, "key"), kind_named(text_in(setting, "kind")),
                                     text_in(setting, "default"), text_in(setting, "help"),
                                     text_in(setting, "allowed")});
    }
    for (const auto& example : objects_in(all, "examples")) {
        manifest.examples.push_back({text_in(example, "command"), text_in(example, "purpose")});
    }
    for (const auto& setting : manifest.settings) {
        if (setting.key.empty()) return Error("manifest has a setting without a key");
    }
    return manifest;
}

std::vector<DaemonFlag> flags_from_json(std::string_view text) {
    boost::system::error_code fault;
    const auto json = boost::json::parse({text.data(), text.size()}, fault);
    std::vector<DaemonFlag> flags;
    if (fault || !json.is_object()) return flags;
    for (const auto& said : objects_in(json.get_object(), "flags")) {
        DaemonFlag flag{text_in(said, "name")};
        flag.others = texts_in(said, "others");
        flag.value = text_in(said, "value");
        flag.kind = kind_named(text_in(said, "kind"));
        flag.choices = texts_in(said, "choices");
        flag.fallback = text_in(said, "default");
        flag.variable = text_in(said, "variable");
        flag.key = text_in(said, "key");
        flag.help = text_in(said, "help");
        if (flag.name.starts_with("--")) flags.push_back(std::move(flag));
    }
    return flags;
}

}  // namespace coven
