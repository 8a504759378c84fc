#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "api_faults.hpp"
#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "web_message.hpp"

namespace coven::sim {

/// One call and what it got, without anything that is a secret.
struct ApiCall {
    Time time;
    ApiHost host = ApiHost::id;
    std::string method;
    std::string path;
    /// Of Helix: the query, as names and values. Of id.twitch.tv, where values are secrets: grant
    /// type and client id alone.
    WebFields fields;
    /// Whose token it came with; empty = with none, or with none that is good.
    std::string login;
    std::string client_id;
    unsigned status = 0;
};

/// A file of calls, one JSON object a line: {"time_us":…,"host":"helix","method":"GET",
/// "path":"/helix/users","fields":[["id","141981764"]],"login":"coven_bot","client_id":"…",
/// "status":200}
class ApiLog {
  public:
    /// Replaces the file.
    static Result<ApiLog> open(const std::string& path);

    /// It is in the file when this returns.
    void write(const ApiCall& call);

  private:
    explicit ApiLog(std::ofstream file) : file_(std::move(file)) {}

    std::ofstream file_;
};

}  // namespace coven::sim
