#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/backoff.hpp"
#include "coven/bus.hpp"
#include "coven/config.hpp"

namespace coven {

/// What a connector publishes.
struct TopicDescription {
    /// Example: "twitch.chat.<channel>.message".
    std::string topic;
    /// Full name of the payload. Example: "twitch.v1.ChatMessage".
    std::string payload;
    std::string summary;
};

/// A command line worth showing, and what it is for.
struct Example {
    std::string command;
    std::string purpose;
};

/// All that other programs know of a connector: `coven-NAME --describe` prints it as JSON.
struct Manifest {
    /// One word, the name of its folder, its program (`coven-<kind>`) and its section in
    /// coven.toml.
    std::string kind;
    /// One sentence, lower case, no full stop.
    std::string summary;
    std::vector<TopicDescription> topics = {};
    std::vector<std::string> verbs = {};
    /// OAuth scopes that it needs for all it can do; empty = works without an account.
    std::vector<std::string> scopes = {};
    /// Those that it uses where an account has granted them, and does without where none has.
    /// `coven login` asks for them, too.
    std::vector<std::string> optional_scopes = {};
    /// Its own settings, each key "<kind>.<name>"; one of `common_settings` to change its default.
    std::vector<Setting> settings = {};
    /// Shown by `--help`.
    std::vector<Example> examples = {};
};

/// One source of events. A connector defines a class, `manifest` and `make_connector`; the sdk owns
/// main, signals, heartbeats and starting again.
class Connector {
  public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;

    /// Works until it is cancelled. When it throws, `run_connector` reports DEGRADED with the
    /// reason, waits (Backoff) and calls it again on the same object. To be told READY is up to
    /// the connector: `bus.report(v1::Presence::STATE_READY, "")`.
    virtual boost::asio::awaitable<void> run(Bus& bus) = 0;
};

/// Defined by each connector.
Manifest manifest();
/// Defined by each connector. An Error is printed on one line and ends the program with status 2.
Result<std::unique_ptr<Connector>> make_connector(const Config& config);

/// Runs `job` for ever: each time it throws, calls `lost` with the reason and the pause that
/// follows, sleeps and starts it again. The back-off starts over when the job has run for
/// `stable`. Cancelling it cancels the job. The one place that catches what the outside throws.
boost::asio::awaitable<void> keep_running(
    Clock& clock, Backoff backoff, Duration stable,
    std::function<boost::asio::awaitable<void>()> job,
    std::function<void(const std::string& reason, std::chrono::milliseconds pause)> lost);

/// `connector.run(bus)` kept running, with presence reported.
boost::asio::awaitable<void> run_connector(Connector& connector, Bus& bus);

}  // namespace coven
