#include "strikenet/io/write_file.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

namespace strikenet {
namespace {

namespace fs = std::filesystem;

std::string sentence(const fs::path& path, std::string_view what, const std::error_code& why) {
  return fmt::format("{}: {}: {}", path.string(), what, why.message());
}

/// The error of the last call into the C library.
std::error_code last_error() { return {errno, std::generic_category()}; }

/// A file under a temporary name that vanishes unless it is renamed to its own.
class PendingFile {
 public:
  explicit PendingFile(fs::path path)
      : path_(std::move(path)),
        temporary_(path_.parent_path() / fmt::format(".{}.{}.tmp", path_.filename().string(), getpid())) {}
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile() {
    if (!created_) return;
    std::error_code ignored;  // nothing better can be done with it
    fs::remove(temporary_, ignored);
  }

  /// Empty when all of the text is in the temporary file.
  std::error_code write(const std::string& text) {
    const auto close = [](std::FILE* file) { return std::fclose(file); };
    std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(temporary_.c_str(), "wb"), close);
    if (!file) return last_error();
    created_ = true;
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size()) return last_error();
    return std::fclose(file.release()) == 0 ? std::error_code() : last_error();
  }

  std::error_code rename() {
    std::error_code error;
    fs::rename(temporary_, path_, error);
    if (!error) created_ = false;
    return error;
  }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  fs::path temporary_;
  bool created_ = false;
};

void check(const std::vector<OutputFile>& files) {
  std::set<std::string_view> names;
  for (const OutputFile& file : files) {
    if (file.name.empty() || file.name.find('/') != std::string::npos)
      throw PreconditionError(
          fmt::format("write_files: name is '{}', but must name a file within the directory", file.name));
    if (!names.insert(file.name).second)
      throw PreconditionError(fmt::format("write_files: name is '{}' twice, but names must differ", file.name));
  }
}

/// Makes the directory; empty when it is there.
Problems make_directory(const fs::path& directory) {
  if (directory.empty()) return {};
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_directory(directory, error))
    return {{directory.string() + ": is a file, but must be a directory"}};
  fs::create_directories(directory, error);
  if (error) return {{sentence(directory, "cannot be made", error)}};
  return {};
}

using PendingFiles = std::vector<std::unique_ptr<PendingFile>>;

Problems write_pending(const fs::path& directory, const std::vector<OutputFile>& files, PendingFiles& pending) {
  Problems problems;
  for (const OutputFile& file : files) {
    pending.push_back(std::make_unique<PendingFile>(directory / file.name));
    const fs::path& path = pending.back()->path();
    std::error_code none;
    if (fs::is_directory(path, none))
      problems.lines.push_back(path.string() + ": is a directory, but must be a file");
    else if (const std::error_code error = pending.back()->write(file.text))
      problems.lines.push_back(sentence(path, "cannot be written", error));
  }
  return problems;
}

}  // namespace

Result<std::vector<std::string>> write_files(const std::string& directory, const std::vector<OutputFile>& files) {
  check(files);
  if (Problems problems = make_directory(directory); !problems.lines.empty()) return problems;
  PendingFiles pending;
  if (Problems problems = write_pending(directory, files, pending); !problems.lines.empty()) return problems;
  std::vector<std::string> paths;
  for (const auto& file : pending) {
    if (const std::error_code error = file->rename())
      return Problems{{sentence(file->path(), "cannot be replaced", error)}};
    paths.push_back(file->path().string());
  }
  return paths;
}

Result<std::string> write_file(const std::string& path, std::string text) {
  const fs::path whole(path);
  std::vector<OutputFile> files;
  files.push_back({whole.filename().string(), std::move(text)});  // in braces of a list it would be copied
  auto written = write_files(whole.parent_path().string(), files);
  return written ? Result<std::string>(written.value().front()) : written.problems();
}

}  // namespace strikenet
