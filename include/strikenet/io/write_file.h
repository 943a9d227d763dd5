#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"

namespace strikenet {

struct OutputFile {
  std::string name;  ///< within the directory
  std::string text;
};

/// The temporary files of writes under way, so that a program that is told to end can take them away first: the library
/// catches no signals. Any number of threads may write with one object; a name that finds no place in it is left to the
/// next run to remove.
class STRIKENET_EXPORT TemporaryFiles {
 public:
  /// Removes all of them. Safe in a signal handler; the writes under way then fail.
  void remove() const noexcept;

 private:
  friend class TemporaryName;
  static constexpr std::size_t kPlaces = 16, kLongest = 4096;
  struct Place {
    std::atomic<int> state = 0;  // free, being filled, filled
    std::array<char, kLongest> path = {};
  };
  std::array<Place, kPlaces> places_ = {};
};

struct WriteOptions {
  /// Files of the directory to be removed once the others are in place; one that is not there is none.
  std::vector<std::string> remove = {};
  TemporaryFiles* temporaries = nullptr;
};

/// Writes the files into `directory` (made if missing, parents too; an empty one is the current). Returns the paths
/// written, in the order of `files`, or everything that went wrong: "out/surface.json: cannot be written: No space left
/// on device"; where some files had been replaced by then, a sentence more says which.
///
/// Each file goes to a temporary name in its folder first, is synced to the disk, and is renamed when all are complete:
/// a killed run leaves every old file whole and no half of a new one. Renames are not one step: a run that is killed
/// between two of them leaves some files old and some new. Of two writers of several files into one directory at a
/// time, the second waits for the first to rename its own (for 10 seconds at most, and where the file system can lock a
/// directory). Temporaries have names of their own that nobody can guess, ".strikenet.XXXXXX.tmp", and are
/// locked: those that a killed run has left are found by that and removed by the next into the same folder.
///
/// A file that is there keeps its mode, and its owner where the system allows; one that may not be written is left. Its
/// other hard links keep the old text. A new one has the mode that the umask leaves. A symbolic link is kept, and what
/// it leads to is written, or made. What is no regular file - a device, a FIFO, a descriptor as /dev/stdout - is
/// written to as it is, after the temporaries are complete and before the renames; it may have got a part of the text
/// when something goes wrong.
///
/// Throws PreconditionError unless names differ and each names a file within the directory.
STRIKENET_EXPORT Result<std::vector<std::string>> write_files(const std::string& directory,
                                                              const std::vector<OutputFile>& files,
                                                              const WriteOptions& options = {});

/// One file, by its path, in the same way; returns the path.
STRIKENET_EXPORT Result<std::string> write_file(const std::string& path, std::string text,
                                                const WriteOptions& options = {});

}  // namespace strikenet
