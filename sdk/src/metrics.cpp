#include "coven/metrics.hpp"

#include <atomic>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "coven/daemon.hpp"
#include "metrics_server.hpp"
#include "process_numbers.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

using Page = MetricsServer::Page;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr auto turn_every = std::chrono::seconds(1);
/// A loop that has not turned for this long is stuck.
constexpr auto stuck_after = std::chrono::seconds(10);
/// The format's name (https://prometheus.io/docs/instrumenting/exposition_formats/, read
/// 2026-11-22).
constexpr const char* exposition_type = "text/plain; version=0.0.4; charset=utf-8";

/// Fails when `text` is not host:port.
Result<MetricsServer::Address> parse_listen(std::string_view text) {
    const auto wrong = [&] {
        return Error(fmt::format("is neither host:port, e.g. 127.0.0.1:9464, nor off: '{}'", text));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong();
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failure != std::errc() || end != digits.data() + digits.size()) return wrong();
    return MetricsServer::Address{std::string(host), port};
}

MetricFamily one(MetricType type, const char* name, const char* help, double value) {
    prometheus::ClientMetric metric;
    metric.counter.value = value;
    metric.gauge.value = value;
    return {name, help, type, {metric}};
}

/// The names that Prometheus' own client libraries use
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics, read 2026-11-22).
std::vector<MetricFamily> process_families() {
    const auto now = read_process_numbers();
    const auto gauge = MetricType::Gauge;
    return {
        one(MetricType::Counter, "process_cpu_seconds_total",
            "User and system CPU time spent, in seconds.", now.cpu_seconds),
        one(gauge, "process_start_time_seconds",
            "When the process started, in seconds since the Unix epoch.", now.start_seconds),
        one(gauge, "process_resident_memory_bytes", "Resident memory, in bytes.",
            now.resident_bytes),
        one(gauge, "process_virtual_memory_bytes", "Virtual memory, in bytes.", now.virtual_bytes),
        one(gauge, "process_threads", "Threads.", now.threads),
        one(gauge, "process_open_fds", "Open file descriptors.", now.open_fds),
        one(gauge, "process_max_fds", "How many file descriptors may be open.", now.max_fds),
    };
}

/// A family and the function that knows its numbers.
template <class Kind>
struct Source {
    prometheus::Family<Kind>* family = nullptr;
    Metrics::ReadAll read;
};

Metrics::ReadAll without_labels(Metrics::Read read) {
    return [read = std::move(read)] {
        Sample sample;
        sample.value = read();
        return std::vector<Sample>{sample};
    };
}

void copy(const Source<prometheus::Counter>& source) {
    for (const auto& sample : source.read()) {
        auto& counter = source.family->Add(sample.labels);
        // Never goes back, whatever the function says: a lower number would look like a restart.
        counter.Increment(sample.value - counter.Value());
    }
}

void copy(const Source<prometheus::Gauge>& source) {
    for (const auto& sample : source.read()) source.family->Add(sample.labels).Set(sample.value);
}

}  // namespace

class Metrics::Parts {
  public:
    explicit Parts(const Clock* clock) : clock_(clock != nullptr ? *clock : machine_clock_) {
        turned();
    }

    void turned() { turned_at_ = clock_.instant().time_since_epoch().count(); }
    void copy_all() const {
        for (const auto& [name, source] : counters) copy(source);
        for (const auto& [name, source] : gauges) copy(source);
    }
    Page page(std::string_view path) const {
        if (path == "/metrics") return {200, exposition_type, exposition()};
        if (path == "/livez") return live_page();
        if (path == "/readyz") return ready_page();
        if (path == "/") return {200, "text/plain", "/metrics\n/livez\n/readyz\n"};
        return {404, "text/plain", "there are /metrics, /livez and /readyz\n"};
    }

    prometheus::Registry registry;
    std::map<std::string, Source<prometheus::Counter>> counters;
    std::map<std::string, Source<prometheus::Gauge>> gauges;
    /// Why it is not ready; null = it is.
    std::atomic<std::shared_ptr<const std::string>> trouble{
        std::make_shared<const std::string>("starting")};
    Duration late{};
    std::string url;
    std::unique_ptr<MetricsServer> server;

  private:
    std::string exposition() const {
        auto families = registry.Collect();
        for (auto& family : process_families()) families.push_back(std::move(family));
        return prometheus::TextSerializer().Serialize(families);
    }
    Page live_page() const {
        const Duration last(turned_at_.load());
        const auto silence = clock_.instant().time_since_epoch() - last;
        if (silence < stuck_after) return {200, "text/plain", "the loop turns\n"};
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(silence).count();
        return {503, "text/plain", fmt::format("the loop has not turned for {} s\n", seconds)};
    }
    Page ready_page() const {
        auto live = live_page();
        if (live.status != 200) return live;
        const auto reason = trouble.load();
        if (!reason) return {200, "text/plain", "ready\n"};
        return {503, "text/plain; charset=utf-8", *reason + "\n"};
    }

    const SystemClock machine_clock_;
    const Clock& clock_;
    std::atomic<Duration::rep> turned_at_;
};

Metrics::Metrics() : Metrics(nullptr) {}
Metrics::Metrics(const Clock& clock) : Metrics(&clock) {}

Metrics::Metrics(const Clock* clock) : parts_(std::make_unique<Parts>(clock)) {
    gauge("coven_loop_lag_seconds", "How late the last of the loop's once-a-second turns was.",
          [this] { return std::chrono::duration<double>(parts_->late).count(); });
}

Metrics::~Metrics() {
    // First, since its thread reads the rest.
    parts_->server.reset();
}

void Metrics::counter(const std::string& name, const std::string& help, Read read) {
    counters(name, help, without_labels(std::move(read)));
}

void Metrics::gauge(const std::string& name, const std::string& help, Read read) {
    gauges(name, help, without_labels(std::move(read)));
}

void Metrics::counters(const std::string& name, const std::string& help, ReadAll read) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(parts_->registry);
    auto& source = parts_->counters[name];
    source = {&family, std::move(read)};
    if (parts_->server) copy(source);
}

void Metrics::gauges(const std::string& name, const std::string& help, ReadAll read) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(parts_->registry);
    auto& source = parts_->gauges[name];
    source = {&family, std::move(read)};
    if (parts_->server) copy(source);
}

void Metrics::ready() { parts_->trouble.store(nullptr); }

void Metrics::not_ready(const std::string& reason) {
    parts_->trouble.store(std::make_shared<const std::string>(reason));
}

void Metrics::turn(Duration late) {
    parts_->late = late;
    parts_->turned();
    if (parts_->server) parts_->copy_all();
}

asio::awaitable<void> Metrics::keep_turning(Clock& clock) {
    for (;;) {
        const auto due = clock.instant() + turn_every;
        co_await clock.sleep_until(due);
        turn(clock.instant() - due);
    }
}

Result<void> Metrics::serve(const Config& config, const std::string& program) {
    const auto& listen = config.text("metrics.listen");
    if (listen == "off") return {};
    const auto address = parse_listen(listen);
    if (!address) return Error("metrics.listen " + address.error().message);
    gauges("coven_build_info", "What runs here; always 1.", [program] {
        return std::vector<Sample>{{{{"program", program}, {"version", version()}}, 1}};
    });
    auto server = MetricsServer::start(
        *address, [parts = parts_.get()](std::string_view path) { return parts->page(path); });
    if (!server) {
        return Error(fmt::format(
            "cannot listen on metrics.listen '{}': {}; set another port (0 = any free one) or off",
            listen, server.error().message));
    }
    parts_->server = std::move(*server);
    parts_->url = parts_->server->url();
    parts_->copy_all();
    return {};
}

const std::string& Metrics::url() const { return parts_->url; }

std::optional<Error> listen_fault(std::string_view text) {
    if (text == "off") return std::nullopt;
    const auto address = parse_listen(text);
    if (address) return std::nullopt;
    return address.error();
}

}  // namespace coven
