#include "api_log.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "coven/utf8.hpp"

namespace json = boost::json;

namespace coven::sim {

Result<ApiLog> ApiLog::open(const std::string& path) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (!file) return Error{"cannot write the log of requests '" + path + "'"};
    return ApiLog(std::move(file));
}

void ApiLog::write(const ApiCall& call) {
    json::array fields;
    for (const auto& [name, value] : call.fields) {
        fields.emplace_back(json::array{to_utf8(name), to_utf8(value)});
    }
    const json::object line{{"time_us", microseconds_since_epoch(call.time)},
                            {"host", name_of(call.host)},
                            {"method", to_utf8(call.method)},
                            {"path", to_utf8(call.path)},
                            {"fields", std::move(fields)},
                            {"login", call.login},
                            {"client_id", call.client_id},
                            {"status", call.status}};
    file_ << json::serialize(line) << '\n' << std::flush;
}

}  // namespace coven::sim
