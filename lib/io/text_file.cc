#include "io/text_file.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace strikenet {

Problems file_problem(std::string_view name, std::string_view what) { return {{fmt::format("{}: {}", name, what)}}; }

Result<std::string> text_of(std::istream& stream, std::string_view name) {
  std::string text;
  std::array<char, 1 << 16> block;
  while (stream.read(block.data(), block.size()) || stream.gcount() > 0)
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) return file_problem(name, "cannot be read");
  return text;
}

Result<std::string> text_of_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return file_problem(path, "is a directory, but must be a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return file_problem(path, "cannot be read: " + std::generic_category().message(errno));
  return text_of(file, path);
}

}  // namespace strikenet
