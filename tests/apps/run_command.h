#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace strikenet::testing_support {

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A folder of its own that vanishes with its content.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "strikenet_XXXXXX").string();
    if (!mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

  /// Writes a file into the folder and returns its path.
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

struct Finished {
  int status;  // as the shell sees it; -1 when a signal ended the command
  std::string out;
  std::string err;
};

/// Runs the strikenet command with these arguments, quoted for the shell; `tail` is shell syntax.
inline Finished run_strikenet(const std::vector<std::string>& arguments, const std::string& tail = {}) {
  const TemporaryFolder folder;
  const auto out = folder.path() / "out", err = folder.path() / "err";
  std::ostringstream line;
  line << '\'' << STRIKENET_COMMAND << '\'';
  for (const std::string& argument : arguments)
    line << " '" << argument << '\'';
  line << " >'" << out.string() << "' 2>'" << err.string() << "' </dev/null " << tail;
  const int ended = std::system(line.str().c_str());
  return {WIFEXITED(ended) ? WEXITSTATUS(ended) : -1, text_of(out), text_of(err)};
}

}  // namespace strikenet::testing_support
