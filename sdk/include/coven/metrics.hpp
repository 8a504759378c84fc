#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/config.hpp"
#include "coven/result.hpp"

namespace coven {

/// One series of a metric at this moment.
struct Sample {
    std::map<std::string, std::string> labels;
    double value = 0;
};

/// What a process shows its operators over HTTP: numbers at /metrics, whether its loop turns at
/// /livez, whether it does its job at /readyz.
///
/// Belongs to the loop's thread: whoever counts keeps plain integers and gives a function that
/// reads them, which is called once a second. What the server's own thread reads is atomic.
class Metrics {
  public:
    using Read = std::function<double()>;
    /// The labels must come from a small set that the outside cannot enlarge.
    using ReadAll = std::function<std::vector<Sample>()>;

    Metrics();
    /// For tests: /livez goes by `clock`, which must outlive it.
    explicit Metrics(const Clock& clock);
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    ~Metrics();

    /// Names begin with "coven_", end in their base unit, counters in "_total"; `help` is a
    /// sentence. A second call with the same name replaces the function of the first.
    void counter(const std::string& name, const std::string& help, Read read);
    void gauge(const std::string& name, const std::string& help, Read read);
    void counters(const std::string& name, const std::string& help, ReadAll read);
    void gauges(const std::string& name, const std::string& help, ReadAll read);

    /// Until it is said, and after `not_ready`, /readyz is 503 with the reason.
    void ready();
    void not_ready(const std::string& reason);

    /// Shows that the loop turns and copies the numbers. To be called once a second; `late` is by
    /// how much this call was.
    void turn(Duration late);
    /// Turns once a second until cancelled.
    boost::asio::awaitable<void> keep_turning(Clock& clock);

    /// Serves at `metrics.listen` from now on, in a thread of its own, until this dies. `program`
    /// is shown as a label. Fails when it cannot listen there, and says what to change.
    Result<void> serve(const Config& config, const std::string& program);
    /// Where it is served, e.g. "http://127.0.0.1:40217"; empty = nowhere.
    const std::string& url() const;

  private:
    explicit Metrics(const Clock* clock);

    class Parts;
    std::unique_ptr<Parts> parts_;
};

/// What keeps `text` from being a value of `metrics.listen`, if anything does.
std::optional<Error> listen_fault(std::string_view text);

}  // namespace coven
