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

/// Writes the files into `directory` (made if missing, parents too). Each goes to a temporary name in the same directory
/// first and is renamed only when all of them are on disk, so a killed run leaves every old file whole and no half of a
/// new one. Returns the paths written, or what went wrong: "out/surface.json: cannot be written: No space left".
STRIKENET_EXPORT Result<std::vector<std::string>> write_files(const std::string& directory,
                                                              const std::vector<OutputFile>& files);

}  // namespace strikenet
