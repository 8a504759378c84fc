// Hostile text on its way to a terminal.

#include <boost/json.hpp>

#include "coven/utf8.hpp"
#include "safe_text.hpp"
#include "target.hpp"

namespace {

void demand_harmless(std::string_view text) {
    demand(coven::is_utf8(text), "what is shown is UTF-8");
    while (!text.empty()) {
        demand(!coven::is_unprintable(coven::take_code_point(text).value),
               "what is shown cannot steer a terminal");
    }
}

}  // namespace

void look_at(std::string_view input) {
    const auto shown = coven::cli::safe_text(input);
    demand_harmless(shown);
    demand(coven::cli::safe_text(shown) == shown, "what is safe stays as it is");
    const auto text = coven::to_utf8(input);
    const auto json = coven::cli::safe_json(boost::json::serialize(boost::json::string(text)));
    demand_harmless(json);
    demand(boost::json::parse(json).as_string() == text, "JSON keeps its meaning");
}
