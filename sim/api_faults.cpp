#include "api_faults.hpp"

#include <utility>

#include "id_api.hpp"

namespace coven::sim {
namespace {

constexpr unsigned unauthorized = 401;

bool is_at(std::string_view path, std::string_view root) {
    return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

/// What the host would say if it failed so by itself.
WebAnswer usual_failure(ApiHost host, unsigned status) {
    const bool is_id = host == ApiHost::id;
    std::string_view message = "failed on demand";
    if (status == unauthorized) message = is_id ? "invalid access token" : "Invalid OAuth token";
    return is_id ? id_refusal(status, message) : helix_refusal(status, message);
}

/// True when one was left.
bool use_up(std::uint64_t& count) {
    if (count == 0) return false;
    --count;
    return true;
}

}  // namespace

std::string_view name_of(ApiHost host) { return host == ApiHost::id ? "id" : "helix"; }

std::optional<ApiHost> find_host(std::string_view name) {
    if (name == "id") return ApiHost::id;
    if (name == "helix") return ApiHost::helix;
    return std::nullopt;
}

std::string_view path_of(ApiHost host) {
    return host == ApiHost::id ? IdApi::path : HelixApi::path;
}

std::optional<ApiHost> host_of(std::string_view path) {
    if (is_at(path, IdApi::path)) return ApiHost::id;
    if (is_at(path, HelixApi::path)) return ApiHost::helix;
    return std::nullopt;
}

std::optional<HelixApi::Limit> find_limit(std::string_view name) {
    if (name == "bucket") return HelixApi::Limit::bucket;
    if (name == "endpoint") return HelixApi::Limit::endpoint;
    if (name == "bare") return HelixApi::Limit::bare;
    return std::nullopt;
}

void ApiFaults::fail(ApiHost host, std::uint64_t count, unsigned status, std::string body) {
    auto answer = usual_failure(host, status);
    if (!body.empty()) answer.body = std::move(body);
    of(host).failures = count;
    of(host).answer = std::move(answer);
}

void ApiFaults::slow(ApiHost host, std::uint64_t count, Duration time) {
    of(host).delays = count;
    of(host).pause = time;
}

void ApiFaults::limit(std::uint64_t count, HelixApi::Limit limit) {
    of(ApiHost::helix).limits = count;
    of(ApiHost::helix).limit = limit;
}

ApiFaults::Taken ApiFaults::take(ApiHost host) {
    auto& faults = of(host);
    Taken taken;
    if (use_up(faults.delays)) taken.pause = faults.pause;
    if (use_up(faults.failures)) {
        taken.answer = faults.answer;
    } else if (use_up(faults.limits)) {
        taken.limit = faults.limit;
    }
    return taken;
}

}  // namespace coven::sim
