#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "config_sections.hpp"
#include "coven/config_file.hpp"
#include "login.hpp"
#include "safe_text.hpp"
#include "time_text.hpp"

namespace coven::cli {

namespace {

/// Where the implicit grant sends the browser; nobody need listen there.
constexpr std::string_view redirect = "https://localhost";

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

}  // namespace

Result<std::vector<std::string>> scopes_needed(const std::string& config_file,
                                               const Neighbours& programs) {
    std::set<std::string> configured;
    if (!config_file.empty()) {
        const auto sections = read_config_file(config_file);
        if (sections.has_error()) return sections.error();
        for (const auto& section : *sections) configured.insert(section.name);
        // Whoever [connectors.NAME] starts, too.
        const auto foreign = foreign_names(config_file);
        if (foreign.has_error()) return foreign.error();
        configured.insert(foreign->begin(), foreign->end());
    }
    std::vector<std::string> scopes;
    for (const auto& program : programs.programs) {
        const auto& kind = program.manifest.kind;
        if (!config_file.empty() && !configured.contains(kind)) continue;
        for (const auto* some : {&program.manifest.scopes, &program.manifest.optional_scopes}) {
            scopes.insert(scopes.end(), some->begin(), some->end());
        }
    }
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    return scopes;
}

std::string authorize_url(const std::string& id_url, const std::string& client_id,
                          const std::vector<std::string>& scopes, const std::string& state) {
    return fmt::format(
        "{}/authorize?response_type=token&client_id={}&redirect_uri={}&scope={}&state={}&"
        "force_verify=true",
        id_url, encoded(client_id), encoded(redirect),
        encoded(fmt::format("{}", fmt::join(scopes, " "))), encoded(state));
}

std::string client_id_advice() {
    return fmt::format(
        "there is no client id, by which Twitch knows your application. Get one, once:\n"
        "  1. open https://dev.twitch.tv/console/apps/create (your account needs two-factor "
        "authentication)\n"
        "  2. give it any name, the OAuth redirect URL {}, and the client type Public\n"
        "  3. put its client id into coven.toml:\n"
        "       [twitch]\n"
        "       client_id = \"…\"\n"
        "     or into COVEN_TWITCH_CLIENT_ID, or say --client-id …\n"
        "Then `coven login` again.",
        redirect);
}

std::string device_text(const DeviceCode& device) {
    return fmt::format(
        "Open  {}\nand allow it; the code there must be  {}\nIt is good for {}. Waiting for you; "
        "Ctrl-C gives up.",
        safe_text(device.verification_uri), safe_text(device.user_code),
        span_text(device.expires_in));
}

}  // namespace coven::cli
