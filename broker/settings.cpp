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
        {"bus.broker.<id>.degraded", "coven.v1.Degraded",
         "a state: events go on live but are not stored, and why"},
        {"bus.<kind>.<instance>.state", "coven.v1.Presence", "GONE, when a connector fell silent"},
    };
    manifest.verbs = {"broker.status",   "topics.list",     "connectors.list",    "channels.list",
                      "channels.add",    "channels.remove", "channels.forget",    "schema.get",
                      "connector.ready", "connector.beat",  "connector.channels", "history.read",
                      "state.read",      "consumer.open",   "consumer.ack",       "consumer.remove",
                      "consumers.list",  "journal.purge",   "journal.purges"};
    manifest.settings = {
        {"broker.id", Kind::text, "main", "word in the topics of the broker, bus.broker.<id>.tick"},
        {"broker.data", Kind::path, "",
         "folder for what must survive; default $STATE_DIRECTORY or ~/.local/state/coven/broker"},
        // wire.md "Doors".
        {"broker.max_event_bytes", Kind::number, "65536", "largest event, with topic and tail",
         "1024..524288"},
        {"broker.max_topics", Kind::number, "1000000", "events on further new topics are refused",
         "1..100000000"},
        {"journal.durability", Kind::choice, "commit",
         "what an acknowledgement promises: on the disk, with the kernel (on the disk a "
         "sync_interval "
         "later), or nothing is stored",
         "commit|interval|off"},
        {"journal.sync_interval", Kind::duration, "1s", "with durability interval", "10ms..1h"},
        {"journal.keep_age", Kind::duration, "7d", "older events are removed; 0s = never", "0s.."},
        {"journal.keep_size", Kind::text, "10GiB",
         "what events of one family may take, the second word of their topics; 0 = no limit"},
        {"journal.limits", Kind::list, "",
         "other limits for single families, as redemption=90d:1GiB or chat=24h"},
        {"journal.families", Kind::list, "",
         "families that are stored, as chat,redemption,bus; none = all"},
        {"journal.keep_raw", Kind::flag, "true",
         "whether events are stored with the line or JSON that Twitch sent; live they keep it"},
        {"journal.honour_deletes", Kind::flag, "false",
         "whether messages that a moderator deletes are forgotten, up to an hour back"},
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
    auto journal = journal_settings_from(config);
    if (journal.has_error()) return journal.error();
    settings.journal = std::move(*journal);
    settings.limits.kept = settings.journal.families;
    return settings;
}

}  // namespace coven::broker
