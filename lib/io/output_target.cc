#include "io/output_target.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "core/descriptor.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as Linux follows

/// Whether the folder is the one in which the system shows this process its own descriptors.
bool is_folder_of_descriptors(const fs::path& folder) {
  std::error_code missing;
  const fs::path real = fs::canonical(folder, missing);
  if (missing || real.filename() != "fd") return false;
  for (const char* const own : {"/proc/self", "/proc/thread-self"})
    if (const fs::path process = fs::canonical(own, missing); !missing && real.parent_path() == process) return true;
  return false;
}

std::optional<int> descriptor_named(const std::string& name) {
  int number = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || stop != name.data() + name.size() || number < 0) return std::nullopt;
  return number;
}

/// Follows the links by hand: a descriptor's looks like one to a file, but what matters is the descriptor.
void follow_links(OutputTarget& target) {
  target.file = target.path;
  for (int i = 0; i <= kMostLinks; ++i) {
    if (const auto number = descriptor_named(target.file.filename().string());
        number && is_folder_of_descriptors(target.folder())) {
      target.descriptor = number;
      return;
    }
    std::error_code is_no_link;
    const fs::path next = fs::read_symlink(target.file, is_no_link);
    if (is_no_link) return;
    target.file = target.file.parent_path() / next;  // the latter alone where it is absolute
  }
  target.problem = cannot("written", std::make_error_code(std::errc::too_many_symbolic_link_levels));
}

/// Waits where a stream that somebody has set to not block is full.
bool can_go_on(int descriptor) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN) return false;
  pollfd wanted{descriptor, POLLOUT, 0};
  return ::poll(&wanted, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

std::error_code last_error() { return {errno, std::generic_category()}; }

std::string cannot(const char* what, const std::error_code& why) {
  return std::string("cannot be ") + what + ": " + why.message();
}

fs::path OutputTarget::folder() const { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

OutputTarget output_target(const fs::path& path) {
  OutputTarget target{path};
  // The system's own word on the path comes first: in a folder like /tmp it may refuse to follow another user's link.
  struct stat there = {};
  if (::stat(path.c_str(), &there) == 0)
    target.there = there;
  else if (errno != ENOENT)
    target.problem = cannot("written", last_error());
  if (!target.problem.empty()) return target;
  follow_links(target);
  if (!target.problem.empty() || target.descriptor || !target.there) return target;
  if (S_ISDIR(there.st_mode))
    target.problem = "is a directory, but must be a file";
  else if (S_ISREG(there.st_mode) && ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0)
    target.problem = cannot("written", last_error());
  return target;
}

std::error_code write_all(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count >= 0)
      done += static_cast<std::size_t>(count);
    else if (!can_go_on(descriptor))
      return last_error();
  }
  return {};
}

std::error_code write_to_stream(const OutputTarget& target, const std::string& text) {
  Descriptor stream(target.descriptor ? ::fcntl(*target.descriptor, F_DUPFD_CLOEXEC, 0)
                                      : ::open(target.path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (!stream) return last_error();
  if (const std::error_code error = write_all(stream.number(), text)) return error;
  return stream.close() == 0 ? std::error_code() : last_error();
}

}  // namespace strikenet
