#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coven/http.hpp"

namespace coven {

/// `name=value&name=value`, percent-encoded: all but letters, digits and "-._~" (RFC 3986, 2.3).
std::string form_text(const std::vector<HttpField>& fields);

/// The same with secrets behind the other fields.
Secret form_text(const std::vector<HttpField>& fields, const std::vector<HttpSecretField>& secrets);

}  // namespace coven
