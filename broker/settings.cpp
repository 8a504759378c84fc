#include "settings.hpp"

#include "coven/topic.hpp"
#include "data_folder.hpp"

namespace coven::broker {

Manifest describe() {
    using Kind = Setting::Kind;
    Manifest manifest;
    manifest.kind = "broker";
    manifest.summary = "numbers every event and hands it to whoever subscribed";
    manifest.topics = {
        {"bus.broker.<id>.tick", "coven.v1.Tick",
         "once a second: epoch, head and committed offset"},
        {"bus.<kind>.<instance>.state", "coven.v1.Presence", "GONE, when a connector fell silent"},
    };
    manifest.verbs = {"broker.status", "topics.list",     "connectors.list", "channels.list",
                      "schema.get",    "connector.ready", "connector.beat",  "connector.channels"};
    manifest.settings = {
        {"broker.id", Kind::text, "main", "word in the topics of the broker, bus.broker.<id>.tick"},
        {"broker.data", Kind::path, "",
         "folder for what must survive; default $STATE_DIRECTORY or ~/.local/state/coven/broker"},
        // wire.md "Doors".
        {"broker.max_event_bytes", Kind::number, "65536", "largest event, with topic and tail",
         "1024..524288"},
        {"broker.max_topics", Kind::number, "1000000", "events on further new topics are refused",
         "1..100000000"},
        {"metrics.listen", Kind::listen, "127.0.0.1:9464",
         "host:port of /metrics, /livez and /readyz, 0 = any free one, or off"},
    };
    manifest.examples = {
        {"coven-broker", "the three doors on this machine, tcp://127.0.0.1:5555 to 5557"},
        {"coven-broker --bus-publish ipc:///run/coven/publish --bus-subscribe "
         "ipc:///run/coven/subscribe --bus-request ipc:///run/coven/request",
         "only for programs of this machine that may enter the folder"},
    };
    return manifest;
}

Result<Settings> settings_from(const Config& config,
                               const std::map<std::string, std::string>& environment) {
    Settings settings;
    settings.doors = Endpoints::from(config);
    settings.id = config.text("broker.id");
    if (const char* fault = word_fault(settings.id)) {
        return Error(std::string("broker.id ") + fault + ": '" + settings.id + "'");
    }
    settings.data = config.text("broker.data");
    if (settings.data.empty()) {
        auto folder = default_data_folder(environment);
        if (!folder) return Error("there is no folder for the broker's data: set [broker] data");
        settings.data = std::move(*folder);
    }
    const auto number = [&](const char* key) {
        return static_cast<std::size_t>(config.number(key));
    };
    settings.limits.max_event_bytes = number("broker.max_event_bytes");
    settings.limits.max_topics = number("broker.max_topics");
    return settings;
}

}  // namespace coven::broker
