#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {

/// What is wrong with a file of lines, found in any order. Sentences that differ in nothing but numbers and what they
/// quote are of one kind: of each kind the first limits::problems_of_a_kind by line are kept and the others counted,
/// so that a file of bad lines is told in a page, and needs no more memory than that. Beyond limits::kinds_of_problems
/// all are of one kind.
class ProblemList {
 public:
  /// `what` is the sentence after "file:line: ", or after "file: " when the line is 0.
  void add(long line, std::string what);
  void add(const ProblemList& others);

  bool empty() const { return kinds_.empty(); }

  /// As "file:line: what", by line, those of one line in the order in which they were found. After the last that is
  /// told of a kind, "file:line: and 299980 more like this, up to line 300001".
  Problems by_line(std::string_view file) const;

 private:
  struct Item {
    long line;
    std::size_t order;
    std::string what;
  };
  struct Kind {
    std::vector<Item> told = {};
    std::size_t untold = 0;
    long last_line = 0;
  };

  Kind& kind_of(std::string_view what);
  void keep(Kind& kind, Item item);

  std::map<std::string, Kind, std::less<>> kinds_ = {};
  std::size_t found_ = 0;
};

/// Text as a message may show it: bytes that are not printable ASCII as \x1f, and "..." after 40 characters.
std::string printable(std::string_view text);

}  // namespace strikenet
