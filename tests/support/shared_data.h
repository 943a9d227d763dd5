#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace strikenet::testing_support {

/// The folder of real chains and published figures: STRIKENET_SHARED, else ../shared beside the project.
inline std::filesystem::path shared_folder() {
  const char* from_environment = std::getenv("STRIKENET_SHARED");
  return from_environment ? std::filesystem::path(from_environment)
                          : std::filesystem::path(STRIKENET_SOURCE_DIR) / ".." / "shared";
}

/// Leads to a visible skip: `if (!has_shared(file)) GTEST_SKIP() << skip_text(file);`
inline bool has_shared(const std::string& file) { return std::filesystem::exists(shared_folder() / file); }
inline std::string skip_text(const std::string& file) {
  return "no " + (shared_folder() / file).string() + ": set STRIKENET_SHARED to the folder that holds it";
}

}  // namespace strikenet::testing_support
