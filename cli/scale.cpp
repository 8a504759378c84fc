#include "scale.hpp"

#include <charconv>
#include <cstdint>

#include "coven/config.hpp"

namespace coven::cli {

namespace {

/// FNV-1a, then the finisher of SplitMix64: FNV alone hardly mixes the last letters.
std::uint64_t weight_of(std::string_view instance, std::string_view channel) {
    std::uint64_t hash = 14695981039346656037u;
    const auto add = [&hash](char c) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    };
    for (const char c : instance) add(c);
    add('\0');
    for (const char c : channel) add(c);
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

/// "#XQC" is the same channel as "xqc", however somebody writes it.
std::string same_name(std::string_view channel) {
    if (channel.starts_with('#')) channel.remove_prefix(1);
    std::string name(channel);
    for (auto& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return name;
}

std::size_t owner_of(std::string_view channel, const std::vector<std::string>& instances) {
    std::size_t owner = 0;
    std::uint64_t greatest = 0;
    for (std::size_t i = 0; i < instances.size(); ++i) {
        const auto weight = weight_of(instances[i], channel);
        if (weight <= greatest) continue;
        greatest = weight;
        owner = i;
    }
    return owner;
}

}  // namespace

Result<Scale> parse_scale(std::string_view text) {
    Scale scale;
    for (const auto& item : parse_list(text)) {
        const auto equals = item.find('=');
        const std::string_view digits =
            equals == std::string::npos ? "" : std::string_view(item).substr(equals + 1);
        std::size_t count = 0;
        const auto* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, count);
        const bool number = !digits.empty() && read.ec == std::errc() && read.ptr == end;
        if (!number || equals == 0) {
            return Error("--scale is no KIND=NUMBER such as chat=2: '" + item + "'");
        }
        if (count > most_instances) {
            return Error("--scale is at most " + std::to_string(most_instances) + ": '" + item +
                         "'");
        }
        if (!scale.emplace(item.substr(0, equals), count).second) {
            return Error("--scale names '" + item.substr(0, equals) + "' twice");
        }
    }
    return scale;
}

std::vector<std::vector<std::string>> share_out(const std::vector<std::string>& channels,
                                                const std::vector<std::string>& instances) {
    std::vector<std::vector<std::string>> shares(instances.size());
    if (instances.empty()) return shares;
    for (const auto& channel : channels) {
        shares[owner_of(same_name(channel), instances)].push_back(channel);
    }
    return shares;
}

}  // namespace coven::cli
