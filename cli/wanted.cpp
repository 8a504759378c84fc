#include "wanted.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "config_sections.hpp"
#include "coven/config.hpp"
#include "coven/config_file.hpp"
#include "coven/topic.hpp"
#include "neighbours.hpp"
#include "programs.hpp"

namespace coven::cli {

namespace {

constexpr const char* default_kind = "chat";
constexpr const char* broker_kind = "broker";
/// Lies beside them and is driven by hand.
constexpr const char* simulator_kind = "sim";

std::string at(const std::string& file, std::size_t line) {
    return fmt::format("{}:{}: ", file, line);
}

bool is_connector(const std::string& kind) { return kind != broker_kind && kind != simulator_kind; }

/// Settings that are in no connector's section.
bool is_common(const std::string& section) {
    const auto settings = common_settings();
    return !is_connector(section) || section == foreign_section ||
           std::any_of(settings.begin(), settings.end(), [&section](const Setting& setting) {
               return setting.key.starts_with(section + ".");
           });
}

/// Collects the connectors of one start.
class Collection {
  public:
    Collection(const UpRequest& request, const Catalogue& catalogue)
        : request_(request), catalogue_(catalogue) {}

    Result<WantedAll> collect() {
        if (!catalogue_.find(broker_kind)) return Error("coven-broker is not beside coven");
        if (const auto fault = read_file()) return *fault;
        if (const auto fault = read_scale()) return *fault;
        const bool named = !request_.channels.empty() && !request_.scale.contains(default_kind);
        if (found_.connectors.empty() || (named && !knows(default_kind))) {
            if (const auto fault = add_ours(default_kind)) return *fault;
        }
        set_instances();
        if (const auto fault = check_channels()) return *fault;
        for (const auto& section : unknown_) {
            if (!knows(section.name)) warn_about(section);
        }
        return std::move(found_);
    }

  private:
    using Fault = std::optional<Error>;

    Fault read_file() {
        if (request_.config_file.empty()) return {};
        const auto sections = read_config_file(request_.config_file);
        if (sections.has_error()) return sections.error();
        // First, because a foreign program takes the place of ours of the same kind.
        for (const auto& section : *sections) {
            if (section.name != foreign_section) continue;
            if (auto fault = read_foreign(section)) return fault;
        }
        for (const auto& section : *sections) {
            if (auto fault = read_section(section)) return fault;
        }
        return {};
    }

    Fault read_section(const ConfigSection& section) {
        if (is_common(section.name) || knows(section.name)) return {};
        if (word_fault(section.name) == nullptr && catalogue_.find(section.name)) {
            return add_ours(section.name);
        }
        unknown_.push_back({section.name, section.line});
        return {};
    }

    Fault read_foreign(const ConfigSection& section) {
        for (const auto& entry : section.entries) {
            if (auto fault = add_foreign(entry)) return fault;
        }
        return {};
    }

    Fault add_foreign(const ConfigEntry& entry) {
        const auto where = at(request_.config_file, entry.line);
        const auto kind = entry.key.substr(entry.key.find('.') + 1);
        if (!entry.is_table) {
            return Error(where + "'" + entry.key + "' is a table: write [" + entry.key +
                         "] command = [\"program\", \"argument\"]");
        }
        // The longest name of an instance must be a word, too.
        const char* fault = word_fault(kind + "-100");
        if (fault != nullptr) return Error(where + "'" + entry.key + "' " + fault);
        if (kind == broker_kind) return Error(where + "'" + entry.key + "' is the broker's name");
        Wanted wanted;
        wanted.kind = kind;
        wanted.origin = Wanted::Origin::foreign;
        for (const auto& value : entry.inner) {
            if (auto wrong = read_foreign_value(value, wanted)) return wrong;
        }
        if (wanted.command.empty()) {
            return Error(where + "'" + entry.key + "' has no command = [\"program\", …]");
        }
        found_.connectors.push_back(std::move(wanted));
        return {};
    }

    Fault read_foreign_value(const ConfigEntry& value, Wanted& wanted) {
        const auto where = at(request_.config_file, value.line) + "'" + value.key + "' ";
        if (!value.key.ends_with(".command")) return Error(where + "is unknown, only command is");
        if (!value.is_list || value.items.empty()) {
            return Error(where + "is a list such as [\"python3\", \"mine.py\"]");
        }
        const auto path = locate(value.items.front(), request_.search);
        if (!path) return Error(where + "names no program: '" + value.items.front() + "'");
        wanted.command = value.items;
        wanted.command.front() = *path;
        return {};
    }

    Fault read_scale() {
        for (const auto& [kind, count] : request_.scale) {
            if (knows(kind)) continue;
            auto fault = count == 0 ? unknown_kind(kind) : add_ours(kind);
            if (fault) return fault;
        }
        return {};
    }

    /// Nothing to be left out is no mistake where there is such a program.
    Fault unknown_kind(const std::string& kind) {
        const bool possible = is_connector(kind) && word_fault(kind) == nullptr;
        if (possible && catalogue_.find(kind)) return {};
        std::string known;
        for (const auto& name : catalogue_.kinds) {
            if (is_connector(name)) known += " " + name;
        }
        for (const auto& wanted : found_.connectors) {
            if (wanted.origin == Wanted::Origin::foreign) known += " " + wanted.kind;
        }
        return Error("--scale: there is no connector '" + kind + "', only:" + known);
    }

    Fault add_ours(const std::string& kind) {
        if (auto fault = unknown_kind(kind)) return fault;
        const auto path = *catalogue_.find(kind);
        const auto manifest = catalogue_.describe(path, kind);
        if (manifest.has_error()) return manifest.error();
        const auto config = load(*manifest);
        if (config.has_error()) return config.error();
        Wanted wanted;
        wanted.kind = kind;
        wanted.command = {path};
        for (const auto& setting : manifest->settings) {
            const bool channels =
                setting.key == kind + ".channels" && setting.kind == Setting::Kind::list;
            if (!channels) continue;
            wanted.channels =
                request_.channels.empty() ? config->list(setting.key) : request_.channels;
        }
        found_.connectors.push_back(std::move(wanted));
        return {};
    }

    Result<Config> load(const Manifest& manifest) const {
        auto settings = common_settings();
        settings.insert(settings.end(), manifest.settings.begin(), manifest.settings.end());
        Config::Sources sources;
        sources.environment = request_.environment;
        if (!request_.config_file.empty()) sources.file = request_.config_file;
        return Config::load(std::move(settings), sources);
    }

    void set_instances() {
        for (auto& wanted : found_.connectors) {
            const auto told = request_.scale.find(wanted.kind);
            if (told != request_.scale.end()) wanted.instances = told->second;
        }
        std::erase_if(found_.connectors, [](const auto& wanted) { return wanted.instances == 0; });
    }

    Fault check_channels() const {
        const bool anyone = std::any_of(found_.connectors.begin(), found_.connectors.end(),
                                        [](const auto& wanted) { return wanted.channels; });
        if (anyone || request_.channels.empty()) return {};
        return Error("--channel: none of the connectors that would run reads channels");
    }

    bool knows(const std::string& kind) const {
        return std::any_of(found_.connectors.begin(), found_.connectors.end(),
                           [&kind](const auto& wanted) { return wanted.kind == kind; });
    }

    void warn_about(const ConfigSection& section) {
        found_.warnings.push_back(at(request_.config_file, section.line) + "[" + section.name +
                                  "] belongs to no program beside coven");
    }

    const UpRequest& request_;
    const Catalogue& catalogue_;
    WantedAll found_;
    std::vector<ConfigSection> unknown_;
};

}  // namespace

Catalogue catalogue_of(const std::string& folder) {
    const auto manifest_of = [](const std::string& path,
                                const std::string& kind) -> Result<Manifest> {
        auto program = describe(path, kind);
        if (program.has_error()) return program.error();
        return std::move(program->manifest);
    };
    return {[folder](const std::string& kind) { return find_program(folder, kind); }, manifest_of,
            kinds_in(folder)};
}

Result<WantedAll> wanted_connectors(const UpRequest& request, const Catalogue& catalogue) {
    return Collection(request, catalogue).collect();
}

}  // namespace coven::cli
