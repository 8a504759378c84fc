#include "manifest_json.hpp"

#include <boost/json.hpp>

#include "coven/daemon.hpp"

namespace coven {

namespace {

const char* name_of(Setting::Kind kind) {
    switch (kind) {
        case Setting::Kind::text:
            return "text";
        case Setting::Kind::number:
            return "number";
        case Setting::Kind::flag:
            return "flag";
        case Setting::Kind::duration:
            return "duration";
        case Setting::Kind::list:
            return "list";
        case Setting::Kind::secret:
            return "secret";
    }
    return "text";
}

boost::json::array array_of(const std::vector<std::string>& texts) {
    boost::json::array array;
    for (const auto& text : texts) array.emplace_back(text);
    return array;
}

}  // namespace

std::string json_of(const Manifest& manifest) {
    boost::json::array topics;
    for (const auto& topic : manifest.topics) {
        topics.push_back(
            {{"topic", topic.topic}, {"payload", topic.payload}, {"summary", topic.summary}});
    }
    boost::json::array settings;
    for (const auto& setting : manifest.settings) {
        settings.push_back({{"key", setting.key},
                            {"kind", name_of(setting.kind)},
                            {"default", setting.fallback},
                            {"help", setting.help}});
    }
    const boost::json::object all = {{"kind", manifest.kind},
                                     {"version", version()},
                                     {"summary", manifest.summary},
                                     {"topics", topics},
                                     {"verbs", array_of(manifest.verbs)},
                                     {"scopes", array_of(manifest.scopes)},
                                     {"settings", settings}};
    return boost::json::serialize(all);
}

}  // namespace coven
