#pragma once

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

/// Writes the files into `directory` (made if missing, parents too). Each goes to a temporary name in the same
/// directory first and is renamed only when all of them are on disk, so a killed run leaves every old file whole and no
/// half of a new one. An empty `directory` is the current one. Returns the paths written, in the order of `files`, or
/// everything that went wrong: "out/surface.json: cannot be written: No space left on device"; then no temporary file
/// is left either. Not promised: that a power cut right after the return finds the files on disk (nothing is synced).
/// Throws PreconditionError unless names differ and each names a file within the directory.
STRIKENET_EXPORT Result<std::vector<std::string>> write_files(const std::string& directory,
                                                              const std::vector<OutputFile>& files);

/// One file, by its path, in the same way; returns the path.
STRIKENET_EXPORT Result<std::string> write_file(const std::string& path, std::string text);

}  // namespace strikenet
