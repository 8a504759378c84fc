#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coven/result.hpp"

namespace coven {

/// A file descriptor with one owner, which closes it.
class OwnedDescriptor {
  public:
    explicit OwnedDescriptor(int number) : number_(number) {}
    OwnedDescriptor(OwnedDescriptor&& other) noexcept;
    OwnedDescriptor& operator=(OwnedDescriptor&&) = delete;
    ~OwnedDescriptor();

    int number() const { return number_; }
    /// To another owner.
    int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

/// A folder that nobody else may enter, and its files, which nobody else may read. It is held
/// open, so that nobody can put another one in its place. What is not as private as it should be
/// is refused, with what to do.
class PrivateFolder {
  public:
    enum class Step { made, written, synced, renamed, folder_synced };
    using Look = std::function<void(Step)>;

    /// Makes it if it is not there. Fails when it is a symbolic link, another user's, or open to
    /// others.
    static Result<PrivateFolder> open(std::string path);

    /// Nothing if there is no such file.
    Result<std::optional<std::string>> read(const std::string& name) const;
    /// The names of all files, in order.
    Result<std::vector<std::string>> names() const;

    /// Writes `text` beside the file, as NAME.new, and onto the disk.
    Result<void> write_beside(const std::string& name, std::string_view text, const Look& look);
    /// NAME.new becomes NAME, on the disk when this returns.
    Result<void> put_in_place(const std::string& name, const Look& look);
    /// Whether there was one. On the disk when this returns.
    Result<bool> remove(const std::string& name);

    /// Onto the disk, as it is; "." is the folder itself.
    Result<void> sync(const std::string& name) const;

    /// Nothing while another process holds the lock; a crash gives it back.
    Result<std::optional<OwnedDescriptor>> lock(const std::string& name);

    const std::string& path() const { return path_; }
    /// How the name of an unfinished file ends.
    static constexpr std::string_view unfinished = ".new";

  private:
    PrivateFolder(std::string path, OwnedDescriptor folder)
        : path_(std::move(path)), folder_(std::move(folder)) {}

    std::string file(const std::string& name) const { return path_ + "/" + name; }

    std::string path_;
    OwnedDescriptor folder_;
};

}  // namespace coven
