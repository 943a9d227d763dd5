#include "core/read_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <system_error>

#include "core/descriptor.h"
#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

constexpr std::size_t kBlock = 1 << 16;

Problems cannot_be_read(std::string_view name, int error) {
  return file_problem(name,
                      error == 0 ? "cannot be read" : "cannot be read: " + std::generic_category().message(error));
}

/// Of standard input a copy, so that it stays open.
Descriptor opened(const std::string& path) {
  if (path == "-") return Descriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  int number = -1;
  do {
    number = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (number < 0 && errno == EINTR);
  return Descriptor(number);
}

/// Why what is open cannot be read; empty when it can.
std::string_view refusal(mode_t mode) {
  if (S_ISDIR(mode)) return "is a directory, but must be a file";
  if (S_ISBLK(mode)) return "is a device, but must be a file";
  return {};
}

/// Gathers blocks until `next` gives an empty one or nothing: `next(room, size)` is what it has read.
Result<std::string> gathered(std::size_t expected, bool binary, std::string_view name,
                             const std::function<std::optional<std::size_t>(char*, std::size_t)>& next) {
  std::string bytes;
  bytes.reserve(std::min(expected, limits::input_bytes));
  std::array<char, kBlock> block;
  for (;;) {
    const auto count = next(block.data(), block.size());
    if (!count) return cannot_be_read(name, errno);
    if (*count == 0) return bytes;
    if (bytes.size() + *count > limits::input_bytes)
      return file_problem(name, "length is more than 1 GiB, but must be at most that");
    bytes.append(block.data(), *count);
    const bool has_zero = std::find(block.data(), block.data() + *count, '\0') != block.data() + *count;
    if (has_zero && !binary && !begins_as_binary(bytes)) return bytes;
  }
}

}  // namespace

Problems file_problem(std::string_view name, std::string_view what) {
  return {{std::string(name).append(": ").append(what)}};
}

std::string input_name(std::string_view path) { return path == "-" ? "stdin" : std::string(path); }

bool begins_as_binary(std::string_view bytes) { return bytes.starts_with("\x1f\x8b") || bytes.starts_with('\x08'); }

Result<std::string> bytes_of_file(const std::string& path) {
  const std::string name = input_name(path);
  struct stat of = {};
  // Before it is opened: that of a socket gives no reason anybody would understand.
  if (path != "-" && stat(path.c_str(), &of) == 0 && S_ISSOCK(of.st_mode))
    return file_problem(name, "is a socket, but must be a file or a pipe");
  const Descriptor file = opened(path);
  if (!file || fstat(file.number(), &of) != 0) return cannot_be_read(name, errno);
  if (const std::string_view why = refusal(of.st_mode); !why.empty()) return file_problem(name, why);
  const bool is_file = S_ISREG(of.st_mode);
  return gathered(is_file ? static_cast<std::size_t>(of.st_size) : 0, path.ends_with(".onnx"), name,
                  [&](char* room, std::size_t size) -> std::optional<std::size_t> {
                    for (;;) {
                      const ssize_t count = read(file.number(), room, size);
                      if (count >= 0) return static_cast<std::size_t>(count);
                      if (errno != EINTR) return std::nullopt;
                    }
                  });
}

Result<std::string> bytes_of(std::istream& stream, std::string_view name) {
  return gathered(0, false, name, [&](char* room, std::size_t size) -> std::optional<std::size_t> {
    errno = 0;  // a stream does not say why
    stream.read(room, static_cast<std::streamsize>(size));
    if (stream.bad()) return std::nullopt;
    return static_cast<std::size_t>(stream.gcount());
  });
}

}  // namespace strikenet
