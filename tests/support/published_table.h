#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/shared_data.h"

namespace strikenet::testing_support {

/// The rows of a CSV file of the shared folder, as texts: without comments and the header. Fields hold no commas.
inline std::vector<std::vector<std::string>> published_rows(const std::string& file) {
  std::ifstream stream(shared_folder() / file);
  std::vector<std::vector<std::string>> rows;
  bool header = true;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (!std::exchange(header, false)) {
      std::istringstream fields(line);
      rows.emplace_back();
      for (std::string field; std::getline(fields, field, ',');)
        rows.back().push_back(field);
    }
  }
  return rows;
}

}  // namespace strikenet::testing_support
