#include "io/temporary_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace strikenet {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = ".strikenet.", kEnd = ".tmp";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t kRandom = 6;  // letters, as of mkstemp
constexpr int kMostTries = 100;

/// A name of ours that nobody can guess; empty, with errno, when the system has no randomness.
std::string random_name() {
  std::array<unsigned char, kRandom> bytes;
  if (::getentropy(bytes.data(), bytes.size()) != 0) return {};
  std::string name(kBegin);
  for (const unsigned char byte : bytes)
    name += kLetters[byte % kLetters.size()];
  return name.append(kEnd);
}

bool is_name_of_ours(std::string_view name) {
  if (name.size() != kBegin.size() + kRandom + kEnd.size() || !name.starts_with(kBegin) || !name.ends_with(kEnd))
    return false;
  return name.substr(kBegin.size(), kRandom).find_first_not_of(kLetters) == std::string_view::npos;
}

/// Whether nobody else has it open and locked, as whoever writes a temporary file has.
bool is_abandoned(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat there = {};
  return file && ::fstat(file.number(), &there) == 0 && S_ISREG(there.st_mode) && there.st_uid == ::geteuid() &&
         ::flock(file.number(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

// --- TemporaryFiles --------------------------------------------------------------------------------------------------

static_assert(std::atomic<int>::is_always_lock_free);  // a signal handler reads it

namespace {
enum State : int { kFree, kBeingFilled, kFilled };
}  // namespace

void TemporaryFiles::remove() const noexcept {
  const int before = errno;
  for (const Place& place : places_)
    if (place.state == kFilled) ::unlink(place.path.data());
  errno = before;
}

TemporaryName::TemporaryName(TemporaryFiles* all, const std::string& path) {
  if (!all || path.size() >= TemporaryFiles::kLongest) return;
  for (TemporaryFiles::Place& place : all->places_) {
    int expected = kFree;
    if (!place.state.compare_exchange_strong(expected, kBeingFilled)) continue;
    std::memcpy(place.path.data(), path.c_str(), path.size() + 1);
    place.state = kFilled;
    place_ = &place;
    return;
  }
}

TemporaryName::~TemporaryName() {
  if (place_) place_->state = kFree;
}

// --- TemporaryFile ---------------------------------------------------------------------------------------------------

TemporaryFile::~TemporaryFile() {
  if (created_) ::unlink(path_.c_str());
}

// As mkstemp does, but the name is known to TemporaryFiles before there is a file: at no instant would a signal leave
// one behind.
std::error_code TemporaryFile::create() {
  const mode_t mode = target_.there ? target_.there->st_mode & 0666 : 0666;
  for (int i = 0; i < kMostTries; ++i) {
    const std::string name = random_name();
    if (name.empty()) return last_error();
    path_ = target_.folder() / name;
    name_ = std::make_unique<TemporaryName>(all_, path_.string());
    file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file_ && errno == EEXIST) continue;
    if (!file_) return last_error();
    created_ = true;
    if (is_ours()) return {};
    ::unlink(path_.c_str());
    created_ = false;
  }
  return std::make_error_code(std::errc::file_exists);
}

/// Whether nobody took it for an abandoned one, in the instant before it was locked.
bool TemporaryFile::is_ours() const {
  if (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
  struct stat there = {};
  return ::fstat(file_.number(), &there) == 0 && there.st_nlink > 0;
}

/// As far as the system allows: only the superuser gives a file away.
void TemporaryFile::keep_owner_and_mode() const {
  if (!target_.there) return;
  const bool kept = ::fchown(file_.number(), target_.there->st_uid, target_.there->st_gid) == 0;
  const mode_t of_owner_alone = kept ? 0 : S_ISUID | S_ISGID;
  static_cast<void>(::fchmod(file_.number(), target_.there->st_mode & 07777 & ~of_owner_alone));
}

std::error_code TemporaryFile::write(const std::string& text) {
  if (const std::error_code error = create()) return error;
  if (const std::error_code error = write_all(file_.number(), text)) return error;
  keep_owner_and_mode();
  // Some file systems have nothing to sync.
  if (::fsync(file_.number()) != 0 && errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return last_error();
  return {};
}

std::error_code TemporaryFile::rename() {
  if (::rename(path_.c_str(), target_.file.c_str()) != 0) return last_error();
  created_ = false;
  return {};
}

void remove_stale_files(const fs::path& folder) {
  std::error_code ignored;
  fs::directory_iterator entries(folder, ignored);
  for (; !ignored && entries != fs::directory_iterator(); entries.increment(ignored))
    if (is_name_of_ours(entries->path().filename().string()) && is_abandoned(entries->path()))
      ::unlink(entries->path().c_str());
}

}  // namespace strikenet
