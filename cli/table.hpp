#pragma once

#include <string>
#include <vector>

namespace coven::cli {

/// Rows of text in columns, each as wide as it needs to be; nothing at all where a table would
/// have no rows. The last column may be of any length. Cells come from outside: they are made safe
/// here.
class Table {
  public:
    explicit Table(std::vector<std::string> headings);

    void add(std::vector<std::string> cells);
    bool empty() const { return rows_.size() == 1; }
    std::vector<std::string> lines() const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace coven::cli
