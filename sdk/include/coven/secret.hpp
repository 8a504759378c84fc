#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace coven {

/// Text that must not be seen: a token, a client secret. It prints as "[redacted]" wherever it
/// lands and is wiped when it dies. Only `reveal` gives the text, at the place that sends it.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    ~Secret() { wipe(); }
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;

    bool empty() const { return text_.empty(); }
    /// Valid while this Secret lives and is not assigned to.
    std::string_view reveal() const { return text_; }

    friend std::ostream& operator<<(std::ostream& out, const Secret&) {
        return out << "[redacted]";
    }

  private:
    void wipe();

    std::string text_;
};

}  // namespace coven
