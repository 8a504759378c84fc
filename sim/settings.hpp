#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api_server.hpp"
#include "chat_server.hpp"
#include "control.hpp"
#include "coven/config.hpp"
#include "coven/connector.hpp"
#include "coven/secret.hpp"
#include "script.hpp"
#include "sources.hpp"

namespace coven::sim {

/// What coven-sim was told, understood.
struct Settings {
    ChatServer::Options server;
    ApiServer::Options api;
    /// Login → an access token of it for ever, without "oauth:".
    std::map<std::string, Secret, std::less<>> tokens;
    /// PEM file of the authority that signed the certificate; empty without TLS.
    std::string ca_file;
    /// The first name in the certificate.
    std::string tls_host;

    std::vector<std::string> channels;
    Generator::Options generator;
    GeneratedLines::Where where = GeneratedLines::Where::joined;
    Flow flow;
    std::vector<std::string> recorded;
    RecordedLines::Repeat repeat = RecordedLines::Repeat::once;
    /// Done before anybody comes.
    std::vector<Command> setup;
    std::vector<Step> script;
    /// Played beside the script.
    std::vector<Step> faults;
    /// Set = there is a control port.
    std::optional<ControlAddress> control;
    ControlPort::IfTaken if_control_taken = ControlPort::IfTaken::fail;
    /// Whether the program ends when everything is said.
    bool ends = false;
    /// From the last line to the end.
    std::chrono::milliseconds linger{0};
};

/// Where `coven sim` looks when nobody says where. Several simulators of one machine: the first one
/// has it, the others take any free port.
constexpr const char* usual_control = "127.0.0.1:5559";

/// What `coven-sim --describe` says.
Manifest manifest();

/// Reads the files that `config` names. Fails with one line.
Result<Settings> read_settings(const Config& config);
/// Makes the certificates that `config` wants, and writes their authority's.
Result<void> make_certificates(const Config& config, Settings& into);

}  // namespace coven::sim
