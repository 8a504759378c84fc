#include "doctor.hpp"

#include <optional>
#include <set>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "account_check.hpp"
#include "ask.hpp"
#include "config_check.hpp"
#include "coven/bus.hpp"
#include "coven/child_process.hpp"
#include "coven/race.hpp"
#include "finding.hpp"
#include "neighbours.hpp"
#include "network_check.hpp"
#include "print.hpp"
#include "run.hpp"
#include "scope_check.hpp"
#include "setup.hpp"
#include "wanted.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using Findings = std::vector<Finding>;
using Level = Finding::Level;

void add(Findings& all, Findings more) {
    for (auto& finding : more) all.push_back(std::move(finding));
}

Findings check_config(const std::vector<Neighbour>& programs,
                      const std::optional<std::string>& file) {
    const auto judgement = judgement_of(programs, process_environment("PATH"));
    const auto subject = file.value_or("the environment");
    Findings findings;
    for (auto& fault : config_faults(judgement, file, coven_environment())) {
        findings.push_back({Level::broken, "config", subject, std::move(fault)});
    }
    if (findings.empty()) findings.push_back({Level::fine, "config", subject, "nothing is wrong"});
    return findings;
}

/// What is to run, as `coven up` sees it.
std::vector<ScopeNeed> needs_of(const Invocation& invocation,
                                const std::vector<Neighbour>& programs, Findings& findings) {
    UpRequest request;
    request.config_file = config_file_of(invocation);
    request.environment = coven_environment();
    request.search = process_environment("PATH");
    const auto wanted = wanted_connectors(request, catalogue_of(program_folder()));
    if (wanted.has_error()) {
        findings.push_back({Level::broken, "config", "", wanted.error().message});
        return {};
    }
    std::vector<ScopeNeed> needs;
    for (const auto& connector : wanted->connectors) {
        ScopeNeed need{connector.kind, {}};
        for (const auto& program : programs) {
            if (program.manifest.kind == connector.kind) need.scopes = program.manifest.scopes;
        }
        needs.push_back(std::move(need));
    }
    return needs;
}

/// All addresses of [twitch]. That of a connector is called after it; the others are for whoever
/// needs an account.
std::vector<Endpoint> endpoints_in(const Config& config, const std::vector<ScopeNeed>& needs,
                                   std::size_t accounts) {
    std::set<std::string> kinds;
    for (const auto& need : needs) kinds.insert(need.kind);
    std::vector<Endpoint> endpoints;
    for (const auto& setting : common_settings()) {
        const auto name = setting.name();
        const bool is_address = setting.section() == "twitch" && name.ends_with("_url");
        if (!is_address) continue;
        const auto whose = name.substr(0, name.rfind('_'));
        const bool shared = whose == "id" || whose == "helix";
        const bool needed = shared ? accounts > 0 : kinds.contains(whose);
        endpoints.push_back({setting.key, config.text(setting.key), needed});
    }
    return endpoints;
}

asio::awaitable<Finding> check_broker(Bus& bus, const Endpoints& doors) {
    v1::BrokerStatus status;
    const auto reply = co_await ask(bus, "broker.status", status);
    Finding finding{Level::attention, "broker", doors.request, ""};
    if (reply.has_error()) {
        finding.text = "no answer within 2 s";
        finding.advice = "`coven up` starts it; this is as it should be if it is not meant to run";
        co_return finding;
    }
    finding.level = Level::fine;
    finding.text = "answers";
    co_return finding;
}

struct Patient {
    Config config;
    Endpoints doors;
    std::vector<ScopeNeed> needs;
};

asio::awaitable<Findings> examine(Bus& bus, const Patient& patient) {
    Findings findings;
    findings.push_back(co_await check_broker(bus, patient.doors));
    auto accounts = co_await check_accounts(bus.clock(), patient.config);
    const auto granted = std::move(accounts.granted);
    add(findings, std::move(accounts.findings));
    add(findings, check_scopes(patient.needs, granted));
    auto endpoints = endpoints_in(patient.config, patient.needs, granted.size());
    const auto ca_file = patient.config.text("twitch.ca_file");
    auto network = co_await check_network(bus.clock(), std::move(endpoints), ca_file);
    add(findings, std::move(network));
    co_return findings;
}

int show(const Findings& findings, const Invocation& invocation) {
    const auto lines = invocation.has("--json")
                           ? finding_json(findings)
                           : finding_lines(findings, paint_for(invocation, STDOUT_FILENO));
    const int written = print_lines(lines);
    return written != 0 ? written : status_of(findings);
}

asio::awaitable<int> diagnose(Bus& bus, const Patient& patient, Findings findings,
                              const Invocation& invocation) {
    Interruption interruption(co_await asio::this_coro::executor);
    auto first = co_await race(examine(bus, patient), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    add(findings, std::get<0>(std::move(first)));
    co_return show(findings, invocation);
}

}  // namespace

int doctor(const Invocation& invocation) {
    const auto programs = our_neighbours().programs;
    const auto file = config_file_of(invocation);
    auto findings = check_config(programs, file.empty() ? std::nullopt : std::optional(file));
    const auto config = common_config(invocation);
    // Without it nobody knows whom to ask.
    if (config.has_error()) return show(findings, invocation);
    const Patient patient{*config, Endpoints::from(*config),
                          needs_of(invocation, programs, findings)};
    Loop loop;
    Bus bus(loop.io, patient.doors, loop.clock, identity());
    return run(loop, bus, diagnose(bus, patient, std::move(findings), invocation));
}

}  // namespace coven::cli
