#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "colour.hpp"
#include "output.hpp"
#include "presence_lines.hpp"

namespace coven::cli {

/// All that `coven up` shows, on stderr: for people each line with the name of its program, for
/// machines one JSON object a line.
class UpVoice {
  public:
    enum class Form { human, json };
    enum class Tone { news, warning, failure };

    /// `name_width` is that of the longest name of a program.
    UpVoice(Form form, Paint paint, std::size_t name_width);

    /// A line that a program wrote.
    void log(const std::string& name, const std::string& line);
    /// What we have to say about a program.
    void remark(const std::string& name, const std::string& text);
    void presence(const PresenceLines::Line& line);
    /// What we have to say of ourselves; for machines it is one object, and `event` its name.
    void tell(Tone tone, std::string_view event, const std::vector<std::string>& lines);

  private:
    void print(const std::string& name, const std::string& text);

    Form form_;
    Paint paint_;
    std::size_t name_width_;
    Output output_;
};

}  // namespace coven::cli
