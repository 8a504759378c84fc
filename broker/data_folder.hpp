#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "coven/result.hpp"

namespace coven::broker {

/// Where the broker keeps what must survive it, when the settings do not say: $STATE_DIRECTORY
/// (systemd), else $XDG_STATE_HOME/coven/broker, else ~/.local/state/coven/broker.
std::optional<std::string> default_data_folder(
    const std::map<std::string, std::string>& environment);

/// The folder, locked: no second broker opens it while this lives, nor after a crash of ours longer
/// than the process exists.
class DataFolder {
  public:
    /// Makes the folder if it is not there.
    static Result<DataFolder> open(const std::string& path);
    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    /// max(the epoch before + 1, `unix_seconds`), on disk when this returns.
    Result<std::uint64_t> next_epoch(std::uint64_t unix_seconds);
    const std::string& path() const { return path_; }

  private:
    DataFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::string path_;
    int lock_ = -1;
};

}  // namespace coven::broker
