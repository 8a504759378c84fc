#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coven::sim {

/// One name and its value: of a header, a query or a form.
struct WebField {
    std::string name;
    std::string value;
};
using WebFields = std::vector<WebField>;

/// The value of the first field of that name; empty when there is none.
std::string_view value_of(const WebFields& fields, std::string_view name);
/// The values of all fields of that name, in order.
std::vector<std::string> values_of(const WebFields& fields, std::string_view name);

/// The fields of "a=1&b=2", the form that queries and bodies of forms have, decoded. What is no
/// escape stays as it is.
WebFields parse_form(std::string_view text);

/// `text` as it must stand in a query or a form.
std::string encoded(std::string_view text);

/// What somebody asked for over HTTP.
struct WebRequest {
    /// In capitals.
    std::string method;
    /// Without the query. Example: "/helix/users".
    std::string path;
    WebFields query;
    /// Names in lower case.
    WebFields headers;
    std::string body;
};

/// What they get.
struct WebAnswer {
    unsigned status = 200;
    WebFields headers;
    /// JSON unless a header says otherwise; may be empty.
    std::string body;
};

/// Takes a target such as "/helix/users?id=1" apart.
void set_target(WebRequest& request, std::string_view target);

}  // namespace coven::sim
