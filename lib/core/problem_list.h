#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {

/// A line of a file, or of a page of several that are one: those of the first page come first.
struct FileLine {
  FileLine(long of_file, std::size_t of_page = 0) : page(of_page), line(of_file) {}

  std::size_t page;  ///< from 0
  long line;         ///< from 1; 0: none

  auto operator<=>(const FileLine&) const = default;
};

/// What is wrong with a file of lines, found in any order. Sentences that differ in nothing but numbers and what they
/// quote are of one kind: of each kind the first limits::problems_of_a_kind by line are kept and the others counted,
/// so that a file of bad lines is told in a page, and needs no more memory than that. Beyond limits::kinds_of_problems
/// all are of one kind.
class ProblemList {
 public:
  /// `what` is the sentence after "file:line: ", or after "file: " when the line is 0.
  void add(FileLine at, std::string what);
  void add(const ProblemList& others);

  bool empty() const { return kinds_.empty(); }

  /// As "file:line: what", by line, those of one line in the order in which they were found. After the last that is
  /// told of a kind, "file:line: and 299980 more like this, up to line 300001".
  Problems by_line(std::string_view file) const;
  /// The same of several files; what is of no line is of the first. "up to line 7 of b.csv", where that is another.
  Problems by_line(std::span<const std::string> pages) const;

 private:
  struct Item {
    FileLine at;
    std::size_t order;
    std::string what;
  };
  struct Kind {
    std::vector<Item> told = {};
    std::size_t untold = 0;
    FileLine last = 0;
  };

  Kind& kind_of(std::string_view what);
  void keep(Kind& kind, Item item);

  std::map<std::string, Kind, std::less<>> kinds_ = {};
  std::size_t found_ = 0;
};

/// Text as a message may show it: bytes that are not printable ASCII as \x1f, and "..." after 40 characters.
std::string printable(std::string_view text);

}  // namespace strikenet
