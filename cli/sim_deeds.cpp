#include "sim_deeds.hpp"

#include "table.hpp"
#include "time_text.hpp"

namespace json = boost::json;

namespace coven::cli {

namespace {

std::string text_of(const json::object& deed, const char* key) {
    const auto* value = deed.if_contains(key);
    const bool is_text = value != nullptr && value->is_string();
    return is_text ? std::string(value->get_string()) : std::string();
}

std::uint64_t time_of(const json::object& deed) {
    const auto* time = deed.if_contains("time_us");
    const bool is_time = time != nullptr && time->is_int64() && time->get_int64() > 0;
    return is_time ? static_cast<std::uint64_t>(time->get_int64()) : 0;
}

}  // namespace

std::vector<std::string> deed_lines(const json::object& answer) {
    Table table({"TIME", "ACCOUNT", "CHANNEL", "DID", "OUTCOME", "OVER", "WHAT OR TO WHOM"});
    const auto* all = answer.if_contains("deeds");
    const bool is_list = all != nullptr && all->is_array();
    for (const auto& row : is_list ? all->get_array() : json::array()) {
        if (!row.is_object()) continue;
        const auto& deed = row.get_object();
        table.add({local_text(time_of(deed)), text_of(deed, "account"), text_of(deed, "channel"),
                   text_of(deed, "kind"), text_of(deed, "outcome"), text_of(deed, "transport"),
                   text_of(deed, "text")});
    }
    if (table.empty()) return {"no account has done anything"};
    return table.lines();
}

}  // namespace coven::cli
