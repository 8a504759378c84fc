#include "sim_metrics.hpp"

namespace coven::sim {

namespace {

std::vector<Sample> fault_samples(const ChatServer& server) {
    std::vector<Sample> samples;
    for (const auto& [word, count] : server.faults()) {
        samples.push_back({{{"fault", word}}, static_cast<double>(count)});
    }
    return samples;
}

std::vector<Sample> call_samples(const ApiServer& server) {
    std::vector<Sample> samples;
    for (const auto& [what, count] : server.tally().calls) {
        const auto& [host, status] = what;
        samples.push_back(
            {{{"host", std::string(name_of(host))}, {"status", std::to_string(status)}},
             static_cast<double>(count)});
    }
    return samples;
}

}  // namespace

void show(Metrics& metrics, const Twitch& twitch) {
    const ChatServer& server = twitch.chat;
    const ApiServer& api = twitch.api;
    const auto& tally = server.tally();
    const auto counter = [&](const char* name, const char* help, const std::uint64_t& count) {
        metrics.counter(name, help, [&count] { return static_cast<double>(count); });
    };
    counter("coven_sim_lines_said_total", "Lines of chat that at least one connection heard.",
            tally.said);
    counter("coven_sim_lines_sent_total", "Lines written to all connections, answers included.",
            tally.sent);
    counter("coven_sim_lines_received_total", "Lines that came from clients.", tally.received);
    counter("coven_sim_connections_total", "Connections that were accepted.", tally.connections);
    counter("coven_sim_connections_cut_total",
            "Connections dropped because the client did not read, log in or answer.", tally.cut);
    metrics.counters("coven_sim_faults_total", "What was done on demand to clients, by its word.",
                     [&server] { return fault_samples(server); });
    metrics.counters("coven_sim_calls_total",
                     "Calls of id.twitch.tv and Helix that were answered, by host and status.",
                     [&api] { return call_samples(api); });
    metrics.gauge("coven_sim_calls_in_progress", "Calls that wait for their answer.",
                  [&api] { return static_cast<double>(api.tally().at_once); });
    metrics.gauge("coven_sim_connections", "Connections that are open.",
                  [&server] { return static_cast<double>(server.connection_numbers().size()); });
    metrics.gauge("coven_sim_joined_channels", "Channels with an audience.",
                  [&server] { return static_cast<double>(server.joined_channels()); });
}

}  // namespace coven::sim
