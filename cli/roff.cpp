#include "roff.hpp"

#include <cctype>

#include <fmt/format.h>

#include "coven/daemon.hpp"

namespace coven::cli {

namespace {

/// A line that begins with '.' or ''' would be an order.
std::string as_line(std::string_view text) {
    const bool order = text.starts_with('.') || text.starts_with('\'');
    return (order ? "\\&" : "") + std::string(text) + "\n";
}

std::string upper(std::string_view text) {
    std::string big;
    for (const char c : text) big += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return big;
}

std::string escaped(std::string_view text, std::string_view dash) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += dash;
        } else if (c == '\'') {
            out += "\\(aq";
        } else if (c == '"') {
            out += "\\(dq";
        } else if (c == '^' || c == '~' || c == '`') {
            out += c == '^' ? "\\(ha" : c == '~' ? "\\(ti" : "\\(ga";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::string roff_text(std::string_view text) { return escaped(text, "\\-"); }
std::string roff_bold(std::string_view text) { return "\\fB" + roff_text(text) + "\\fR"; }
std::string roff_italic(std::string_view text) { return "\\fI" + roff_text(text) + "\\fR"; }

Roff::Roff(std::string_view name, std::string_view summary) {
    text_ = fmt::format(".TH {} 1 \"{}\" \"coven {}\" \"Coven\"\n", upper(roff_text(name)),
                        COVEN_DATE, version());
    // Neither hyphens of its own nor stretched lines: commands and addresses stay as they are.
    text_ += ".nh\n.ad l\n";
    section("NAME");
    paragraph(roff_text(name) + " \\- " + roff_text(summary));
}

void Roff::section(std::string_view title) {
    text_ += fmt::format(".SH {}\n", title);
    after_heading_ = true;
}

void Roff::subsection(std::string_view title) {
    text_ += fmt::format(".SS {}\n", roff_text(title));
    after_heading_ = true;
}

void Roff::paragraph(std::string_view formatted) {
    if (!after_heading_) text_ += ".PP\n";
    text_ += as_line(formatted);
    after_heading_ = false;
}

void Roff::item(std::string_view formatted_term, std::string_view formatted_text) {
    text_ += ".TP\n" + as_line(formatted_term) + as_line(formatted_text);
    after_heading_ = false;
}

void Roff::example(std::string_view line) {
    text_ += after_heading_ ? ".RS 4\n" : ".PP\n.RS 4\n";
    text_ += ".EX\n" + as_line(roff_text(line)) + ".EE\n.RE\n";
    after_heading_ = false;
}

}  // namespace coven::cli
