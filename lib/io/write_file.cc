#include "strikenet/io/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "core/descriptor.h"
#include "io/output_target.h"
#include "io/temporary_file.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;

using Temporaries = std::vector<std::unique_ptr<TemporaryFile>>;

void check_name(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos)
    throw PreconditionError(fmt::format("write_files: name is '{}', but must name a file within the directory", name));
}

void check(const std::vector<OutputFile>& files, const WriteOptions& options) {
  std::set<std::string_view> names;
  const auto add = [&](std::string_view name) {
    check_name(name);
    if (!names.insert(name).second)
      throw PreconditionError(fmt::format("write_files: name is '{}' twice, but names must differ", name));
  };
  for (const OutputFile& file : files)
    add(file.name);
  for (const std::string& name : options.remove)
    add(name);
}

/// Makes the directory; empty when it is there.
Problems make_directory(const fs::path& directory) {
  if (directory.empty()) return {};
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_directory(directory, error))
    return file_problem(directory.string(), "is a file, but must be a directory");
  fs::create_directories(directory, error);
  if (error) return file_problem(directory.string(), cannot("made", error));
  return {};
}

/// What the files are written to, and everything that is known against it.
Result<std::vector<OutputTarget>> targets_of(const fs::path& directory, const std::vector<OutputFile>& files) {
  std::vector<OutputTarget> targets;
  Problems problems;
  for (const OutputFile& file : files) {
    targets.push_back(output_target(directory / file.name));
    if (const OutputTarget& target = targets.back(); !target.problem.empty())
      problems.lines.push_back(fmt::format("{}: {}", target.path.string(), target.problem));
  }
  if (!problems.lines.empty()) return problems;
  return targets;
}

std::set<fs::path> folders_of(const std::vector<OutputTarget>& targets) {
  std::set<fs::path> folders;
  for (const OutputTarget& target : targets)
    if (!target.is_stream()) folders.insert(target.folder());
  return folders;
}

/// All that are files, complete under temporary names; then what goes to streams.
Problems write_texts(const std::vector<OutputTarget>& targets, const std::vector<OutputFile>& files,
                     TemporaryFiles* all, Temporaries& temporaries) {
  Problems problems;
  const auto note = [&](const OutputTarget& target, const std::error_code& error) {
    if (error) problems.lines.push_back(fmt::format("{}: {}", target.path.string(), cannot("written", error)));
  };
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (targets[i].is_stream()) continue;
    temporaries.push_back(std::make_unique<TemporaryFile>(targets[i], all));
    note(targets[i], temporaries.back()->write(files[i].text));
  }
  if (!problems.lines.empty()) return problems;
  for (std::size_t i = 0; i < files.size(); ++i)
    if (targets[i].is_stream()) note(targets[i], write_to_stream(targets[i], files[i].text));
  return problems;
}

/// Two writers of several files take turns. Whoever may read the directory can lock it and keep it locked, and not all
/// file systems can: then nobody waits for ever, and what is mixed is known by its run ids.
Descriptor lock_of(const fs::path& directory) {
  constexpr int kTries = 500;
  constexpr std::chrono::milliseconds kStep{20};
  Descriptor lock(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; lock && i < kTries && ::flock(lock.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; ++i)
    std::this_thread::sleep_for(kStep);
  return lock;
}

Problems rename_all(const Temporaries& temporaries) {
  std::string replaced;
  for (const auto& temporary : temporaries) {
    const std::string path = temporary->target().path.string();
    if (const std::error_code error = temporary->rename()) {
      Problems problems = file_problem(path, cannot("replaced", error));
      if (!replaced.empty()) problems.lines.push_back("replaced before that:" + replaced);
      return problems;
    }
    replaced += " " + path;
  }
  return {};
}

Problems remove_all(const fs::path& directory, const std::vector<std::string>& names) {
  Problems problems;
  for (const std::string& name : names)
    if (const fs::path path = directory / name; ::unlink(path.c_str()) != 0 && errno != ENOENT)
      problems.lines.push_back(fmt::format("{}: {}", path.string(), cannot("removed", last_error())));
  return problems;
}

/// So that the new names outlive a power cut; not every file system can.
void sync(const std::set<fs::path>& folders) {
  for (const fs::path& folder : folders)
    if (const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); open)
      static_cast<void>(::fsync(open.number()));
}

}  // namespace

Result<std::vector<std::string>> write_files(const std::string& directory, const std::vector<OutputFile>& files,
                                             const WriteOptions& options) {
  check(files, options);
  if (Problems problems = make_directory(directory); !problems.lines.empty()) return problems;
  const auto targets = targets_of(directory, files);
  if (!targets) return targets.problems();
  const std::set<fs::path> folders = folders_of(targets.value());
  for (const fs::path& folder : folders)
    remove_stale_files(folder);

  Temporaries temporaries;
  if (Problems problems = write_texts(targets.value(), files, options.temporaries, temporaries);
      !problems.lines.empty())
    return problems;
  const Descriptor lock = files.size() + options.remove.size() > 1 ? lock_of(directory) : Descriptor();
  if (Problems problems = rename_all(temporaries); !problems.lines.empty()) return problems;
  if (Problems problems = remove_all(directory, options.remove); !problems.lines.empty()) return problems;
  sync(folders);
  std::vector<std::string> paths;
  for (const OutputTarget& target : targets.value())
    paths.push_back(target.path.string());
  return paths;
}

Result<std::string> write_file(const std::string& path, std::string text, const WriteOptions& options) {
  const fs::path whole(path);
  std::vector<OutputFile> files;
  files.push_back({whole.filename().string(), std::move(text)});  // in braces of a list it would be copied
  auto written = write_files(whole.parent_path().string(), files, options);
  return written ? Result<std::string>(written.value().front()) : written.problems();
}

}  // namespace strikenet
