#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coven::cli {

/// The line that somebody types at a terminal that neither shows nor collects it. Knows letters,
/// Backspace, Ctrl-U (all away), Ctrl-W (a word away), Enter and Ctrl-D; passes over the sequences
/// of arrow keys and the like. Pure.
class EditLine {
  public:
    /// Takes what was typed; gives the lines that were ended.
    std::vector<std::string> type(std::string_view bytes);
    /// Ctrl-D on an empty line.
    bool has_ended() const { return ended_; }
    const std::string& text() const { return text_; }
    /// The end of the line, made safe, that fits into `columns`.
    std::string shown(std::size_t columns) const;

  private:
    enum class Escape { none, begun, sequence };

    void key(char byte, std::vector<std::string>& lines);
    bool escape(char byte);
    void erase_one();
    void erase_word();

    std::string text_;
    Escape escape_ = Escape::none;
    bool ended_ = false;
};

}  // namespace coven::cli
