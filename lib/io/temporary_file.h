#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "core/descriptor.h"
#include "io/output_target.h"
#include "strikenet/io/write_file.h"

namespace strikenet {

/// A name in TemporaryFiles for as long as this object lives.
class TemporaryName {
 public:
  TemporaryName(TemporaryFiles* all, const std::string& path);
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  ~TemporaryName();

 private:
  TemporaryFiles::Place* place_ = nullptr;
};

/// The next text of a file, under a temporary name in its folder; vanishes unless it is renamed.
class TemporaryFile {
 public:
  /// Kept by reference.
  TemporaryFile(const OutputTarget& target, TemporaryFiles* all) : target_(target), all_(all) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  /// Empty when the text is on the disk, with the mode and the owner that the target has.
  std::error_code write(const std::string& text);
  /// Into the place of the target.
  std::error_code rename();

  const OutputTarget& target() const { return target_; }

 private:
  std::error_code create();
  bool is_ours() const;
  void keep_owner_and_mode() const;

  const OutputTarget& target_;
  TemporaryFiles* all_;
  std::filesystem::path path_ = {};
  std::unique_ptr<TemporaryName> name_ = {};
  Descriptor file_ = Descriptor();  // locked for as long as it is open
  bool created_ = false;
};

/// Removes the temporary files of ours in a folder that no process has open any more.
void remove_stale_files(const std::filesystem::path& folder);

}  // namespace strikenet
