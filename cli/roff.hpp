#pragma once

#include <string>
#include <string_view>

namespace coven::cli {

/// Text as roff prints it.
std::string roff_text(std::string_view text);
/// The same in bold, with dashes that can be copied into a shell.
std::string roff_bold(std::string_view text);
std::string roff_italic(std::string_view text);

/// A manual page while it is written.
class Roff {
  public:
    /// Example: Roff("coven-tail", "show events").
    Roff(std::string_view name, std::string_view summary);

    void section(std::string_view title);
    void subsection(std::string_view title);
    /// `formatted`: made of the functions above.
    void paragraph(std::string_view formatted);
    /// A term and, indented below it, what it means.
    void item(std::string_view formatted_term, std::string_view formatted_text);
    /// Lines as they are typed, indented.
    void example(std::string_view line);

    const std::string& text() const { return text_; }

  private:
    std::string text_;
    bool after_heading_ = false;
};

}  // namespace coven::cli
