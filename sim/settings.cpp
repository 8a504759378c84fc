#include "settings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "certificates.hpp"

namespace coven::sim {
namespace {

/// Reads numbers and remembers the first that is out of range.
class Numbers {
  public:
    explicit Numbers(const Config& config) : config_(config) {}

    template <class Number>
    void read(std::string_view key, Number& into) {
        const auto value = config_.number(key);
        const bool fits =
            value >= 0 && static_cast<std::uint64_t>(value) <= std::numeric_limits<Number>::max();
        if (!fits && fault_.empty()) {
            fault_ = std::string(key) + " is out of range: '" + std::to_string(value) + "'";
        }
        into = static_cast<Number>(value);
    }
    const std::string& fault() const { return fault_; }

  private:
    const Config& config_;
    std::string fault_;
};

std::string read_numbers(const Config& config, Settings& into) {
    Numbers numbers(config);
    numbers.read("sim.chat_port", into.server.port);
    numbers.read("sim.chat_tls_port", into.server.tls_port);
    numbers.read("sim.http_port", into.api.port);
    numbers.read("sim.https_port", into.api.tls_port);
    numbers.read("sim.helix_points", into.api.helix.points);
    numbers.read("sim.joins", into.server.rules.joins);
    numbers.read("sim.logins", into.server.rules.logins);
    numbers.read("sim.rooms", into.server.rules.rooms);
    numbers.read("sim.sends", into.server.rules.sends.ordinary);
    numbers.read("sim.sends_privileged", into.server.rules.sends.privileged);
    numbers.read("sim.lines_per_frame", into.server.outbox.lines_per_frame);
    numbers.read("sim.outbox_bytes", into.server.outbox.bytes);
    numbers.read("sim.seed", into.generator.seed);
    numbers.read("sim.lines", into.flow.lines);
    numbers.read("sim.wait_for_channels", into.flow.wait_for_channels);
    std::uint32_t rate = 0;
    numbers.read("sim.rate", rate);
    into.flow.per_second = rate;
    std::uint32_t more_channels = 0;
    numbers.read("sim.channel_count", more_channels);
    into.channels = config.list("sim.channels");
    for (auto& channel : numbered_channels(more_channels)) into.channels.push_back(channel);
    into.server.rules.seed = into.generator.seed;
    return numbers.fault();
}

void read_server(const Config& config, Settings& into) {
    auto& server = into.server;
    server.bind = config.text("sim.bind");
    server.sent_log = config.text("sim.sent_log");
    server.said_log = config.text("sim.said_log");
    server.deed_log = config.text("sim.deed_log");
    auto& rules = server.rules;
    rules.strangers = config.flag("sim.any_token") ? Strangers::welcome : Strangers::refused;
    rules.joins_per = config.duration("sim.joins_per");
    rules.logins_per = config.duration("sim.logins_per");
    rules.sends.per = config.duration("sim.sends_per");
    rules.sends.silence = config.duration("sim.silence");
    rules.sends.pause = config.duration("sim.send_pause");
    rules.sends.duplicate = config.duration("sim.duplicates");
    server.patience.ping_every = config.duration("sim.ping_every");
    server.patience.reconnect_grace = config.duration("sim.reconnect_grace");
    const auto& suspended = config.list("sim.suspended");
    server.rules.suspended.insert(suspended.begin(), suspended.end());
    const auto& unknown = config.list("sim.unknown");
    server.rules.unknown.insert(unknown.begin(), unknown.end());
}

Result<void> read_tokens(const Config& config, Settings& into) {
    for (const auto& entry : config.list("sim.tokens")) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{"sim.tokens has an entry that is not login=token"};
        }
        into.tokens.insert_or_assign(entry.substr(0, equals), Secret(entry.substr(equals + 1)));
    }
    return {};
}

Result<void> read_clients(const Config& config, Settings& into) {
    auto& applications = into.api.accounts.applications;
    applications.clear();
    for (const auto& entry : config.list("sim.clients")) {
        const auto equals = std::min(entry.find('='), entry.size());
        if (equals == 0) return Error{"sim.clients has an entry without a client id"};
        const auto secret = entry.substr(std::min(equals + 1, entry.size()));
        applications.push_back({.client_id = entry.substr(0, equals), .secret = Secret(secret)});
    }
    if (applications.empty()) return Error{"sim.clients names no application"};
    return {};
}

Result<void> read_api(const Config& config, Settings& into) {
    auto& api = into.api;
    api.bind = config.text("sim.bind");
    api.request_log = config.text("sim.request_log");
    api.accounts.approvers = config.list("sim.accounts");
    if (api.accounts.approvers.empty()) return Error{"sim.accounts names nobody"};
    const auto life = config.duration("sim.token_life");
    api.accounts.token_life = std::chrono::ceil<std::chrono::seconds>(life);
    // Unlike chat, tokens must not be the same after a restart.
    api.accounts.seed = std::random_device()();
    api.eventsub.seed = std::random_device()();
    const auto& approval = config.text("sim.device_approval");
    api.accounts.approval.reset();
    if (approval != "never") {
        const auto time = parse_duration(approval);
        if (!time) return Error{"sim.device_approval " + time.error().message + ", nor never"};
        api.accounts.approval = *time;
    }
    return read_clients(config, into);
}

Result<void> read_setup(const Config& config, Settings& into) {
    std::string_view rest = config.text("sim.setup");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        const auto text = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (text.find_first_not_of(' ') == std::string_view::npos) continue;
        auto command = parse_command(text);
        if (!command) return Error{"sim.setup: " + command.error().message};
        if (command->waits()) return Error{"sim.setup: nothing can be waited for yet"};
        into.setup.push_back(std::move(*command));
    }
    return {};
}

Result<void> read_steps(const Config& config, Settings& into) {
    if (const auto& path = config.text("sim.script"); !path.empty()) {
        const auto text = read_text(path);
        if (!text) return text.error();
        auto steps = parse_script(*text, '\n');
        if (!steps) return Error{"'" + path + "': " + steps.error().message};
        into.script = std::move(*steps);
    }
    auto faults = parse_script(config.text("sim.faults"), ';');
    if (!faults) return Error{"sim.faults: " + faults.error().message};
    into.faults = std::move(*faults);
    return {};
}

Result<void> read_sources(const Config& config, Settings& into) {
    into.where = config.flag("sim.everywhere") ? GeneratedLines::Where::everywhere
                                               : GeneratedLines::Where::joined;
    into.repeat = config.flag("sim.file_loop") ? RecordedLines::Repeat::for_ever
                                               : RecordedLines::Repeat::once;
    into.ends = config.flag("sim.end_when_done") || into.flow.lines > 0;
    into.linger = config.duration("sim.linger");
    if (const auto& path = config.text("sim.file"); !path.empty()) {
        auto lines = read_lines(path);
        if (!lines) return lines.error();
        into.recorded = std::move(*lines);
    }
    return read_steps(config, into);
}

Result<void> read_control(const Config& config, Settings& into) {
    const auto& text = config.text("sim.control");
    if (text == "none") return {};
    auto address = parse_control_address(text);
    if (!address) return Error{"sim.control " + address.error().message};
    into.control = std::move(*address);
    if (text == usual_control) into.if_control_taken = ControlPort::IfTaken::take_another;
    return {};
}

/// What nobody could join, or listen on, would show only much later.
Result<void> check_names(const Config& config, Settings& into) {
    for (const char* key : {"sim.channels", "sim.suspended", "sim.unknown", "sim.accounts"}) {
        for (const auto& name : config.list(key)) {
            if (is_login(name)) continue;
            return Error{std::string(key) +
                         " has what is no login (1 to 25 of a-z, 0-9 and '_'): '" + name + "'"};
        }
    }
    boost::system::error_code fault;
    boost::asio::ip::make_address(into.server.bind, fault);
    if (fault) return Error{"sim.bind is no address: '" + into.server.bind + "'"};
    return {};
}

}  // namespace

Result<Settings> read_settings(const Config& config) {
    Settings settings;
    if (auto fault = read_numbers(config, settings); !fault.empty()) return Error{fault};
    read_server(config, settings);
    for (const auto read :
         {check_names, read_control, read_tokens, read_api, read_setup, read_sources}) {
        if (const auto done = read(config, settings); !done) return done.error();
    }
    return settings;
}

Result<void> make_certificates(const Config& config, Settings& into) {
    const auto& folder = config.text("sim.certificates");
    if (folder.empty()) return {};
    const auto authority = CertificateAuthority::make();
    if (!authority) return authority.error();
    const auto& names = config.list("sim.host_names");
    auto credentials = authority->issue(names);
    if (!credentials) return credentials.error();
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    into.ca_file = (std::filesystem::path(folder) / "ca.pem").string();
    std::ofstream file(into.ca_file, std::ios::trunc);
    file << authority->certificate() << std::flush;
    if (!file) return Error{"cannot write '" + into.ca_file + "'"};
    into.tls_host = names.front();
    into.api.tls = *credentials;
    into.server.tls = std::move(*credentials);
    return {};
}

}  // namespace coven::sim
