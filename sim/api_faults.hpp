#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coven/clock.hpp"
#include "helix_api.hpp"

namespace coven::sim {

/// Which of Twitch's HTTP servers somebody speaks to.
enum class ApiHost { id, helix };
constexpr std::size_t api_hosts = 2;

/// "id" or "helix".
std::string_view name_of(ApiHost host);
std::optional<ApiHost> find_host(std::string_view name);
/// How the paths of its requests begin. Example: "/helix".
std::string_view path_of(ApiHost host);
/// Whose the path of a request is.
std::optional<ApiHost> host_of(std::string_view path);
/// "bucket", "endpoint" or "bare".
std::optional<HelixApi::Limit> find_limit(std::string_view name);

/// What goes wrong with the next calls.
class ApiFaults {
  public:
    /// The next `count` calls get `status` and `body`; an empty one = what the host says for that
    /// status.
    void fail(ApiHost host, std::uint64_t count, unsigned status, std::string body);
    /// The next `count` calls are answered so much later.
    void slow(ApiHost host, std::uint64_t count, Duration time);
    /// The next `count` calls of Helix get a 429.
    void limit(std::uint64_t count, HelixApi::Limit limit);

    struct Taken {
        Duration pause{0};
        /// Set = this instead of the true answer.
        std::optional<WebAnswer> answer;
        /// Set = a 429 of this kind instead.
        std::optional<HelixApi::Limit> limit;
    };
    /// What goes wrong with one call that has just come.
    Taken take(ApiHost host);

  private:
    struct OfHost {
        std::uint64_t failures = 0;
        WebAnswer answer;
        std::uint64_t delays = 0;
        Duration pause{0};
        std::uint64_t limits = 0;
        HelixApi::Limit limit = HelixApi::Limit::bucket;
    };

    OfHost& of(ApiHost host) { return hosts_[static_cast<std::size_t>(host)]; }

    std::array<OfHost, api_hosts> hosts_;
};

}  // namespace coven::sim
