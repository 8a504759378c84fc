#include "coven/secret.hpp"

#include <cstring>

namespace coven {

Secret::Secret(Secret&& other) noexcept { *this = std::move(other); }

Secret& Secret::operator=(const Secret& other) {
    if (this == &other) return *this;
    wipe();
    text_ = other.text_;
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    *this = std::as_const(other);
    other.wipe();
    return *this;
}

void Secret::wipe() {
    // Short strings live inside of the object, so a plain move or clear would leave them readable.
    explicit_bzero(text_.data(), text_.capacity());
    text_.clear();
}

}  // namespace coven
