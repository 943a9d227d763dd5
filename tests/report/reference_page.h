#pragma once

#include <fstream>
#include <set>
#include <string>

namespace strikenet::testing_support {

/// What stands in backquotes in the first column of the tables of a page of docs/reference; with a heading, of those
/// below it and above the next.
inline std::set<std::string> documented_fields(const std::string& page, const std::string& heading = {}) {
  std::set<std::string> fields;
  std::ifstream file(std::string(STRIKENET_SOURCE_DIR) + "/docs/reference/" + page);
  bool inside = heading.empty();
  for (std::string line; std::getline(file, line);) {
    if (!heading.empty() && line.starts_with("#")) inside = line == heading;
    if (!inside || !line.starts_with("| `")) continue;
    const std::string cell = line.substr(0, line.find('|', 1));
    for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at + 1)) {
      const std::size_t end = cell.find('`', at + 1);
      fields.insert(cell.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  return fields;
}

}  // namespace strikenet::testing_support
