#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {

/// What is wrong with a file of lines, found in any order.
class ProblemList {
 public:
  /// `what` is the sentence after "file:line: ", or after "file: " when the line is 0.
  void add(long line, std::string what);
  void add(const ProblemList& others);

  bool empty() const { return items_.empty(); }

  /// All of them as "file:line: what", by line, those of one line in the order in which they were found.
  Problems by_line(std::string_view file) const;

 private:
  struct Item {
    long line;
    std::string what;
  };
  std::vector<Item> items_;
};

/// Text as a message may show it: bytes that are not printable ASCII as \x1f, and "..." after 40 characters.
std::string printable(std::string_view text);

}  // namespace strikenet
