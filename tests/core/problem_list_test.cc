#include "core/problem_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

TEST(ProblemList, TellsByLineWhatWasFoundInAnyOrder) {
  ProblemList problems;
  EXPECT_TRUE(problems.empty());
  problems.add(7, "ask is '', but must be a number");
  problems.add(3, "bid is 'x', but must be a number");
  problems.add(7, "bid is 'y', but must be a number");
  problems.add(0, "no as-of");
  EXPECT_FALSE(problems.empty());
  EXPECT_EQ(problems.by_line("f").lines,
            (Lines{"f: no as-of", "f:3: bid is 'x', but must be a number", "f:7: ask is '', but must be a number",
                   "f:7: bid is 'y', but must be a number"}));
}

TEST(ProblemList, NamesThePageOfALine) {
  const std::vector<std::string> pages{"a.csv", "b.csv"};
  ProblemList problems;
  problems.add({2, 1}, "bid is 'y', but must be a number");
  problems.add({7, 0}, "bid is 'x', but must be a number");
  problems.add(0, "no as-of");
  EXPECT_EQ(problems.by_line(pages).lines, (Lines{"a.csv: no as-of", "a.csv:7: bid is 'x', but must be a number",
                                                  "b.csv:2: bid is 'y', but must be a number"}));
}

TEST(ProblemList, CountsThoseOfAKindUpToALineOfALaterPage) {
  const std::vector<std::string> pages{"a.csv", "b.csv"};
  ProblemList problems;
  for (std::size_t page : {1, 0})
    for (long line = 2; line < 32; ++line)
      problems.add({line, page}, "bid is 'x', but must be a number");
  const Lines lines = problems.by_line(pages).lines;
  ASSERT_EQ(lines.size(), limits::problems_of_a_kind + 1);
  EXPECT_EQ(lines.back(), "a.csv:21: and 40 more like this, up to line 31 of b.csv");
}

TEST(ProblemList, TellsTwentyOfAKindAndCountsTheOthers) {
  ProblemList problems;
  for (long line = 300'001; line > 1; --line)  // the last found is the first told
    problems.add(line, "bid is '" + std::to_string(line) + "x', but must be a number of at least 0");
  problems.add(5000, "type is missing");
  const Lines lines = problems.by_line("f").lines;
  ASSERT_EQ(lines.size(), limits::problems_of_a_kind + 2);
  EXPECT_EQ(lines[0], "f:2: bid is '2x', but must be a number of at least 0");
  EXPECT_EQ(lines[19], "f:21: bid is '21x', but must be a number of at least 0");
  EXPECT_EQ(lines[20], "f:21: and 299980 more like this, up to line 300001");
  EXPECT_EQ(lines[21], "f:5000: type is missing");
}

TEST(ProblemList, KeepsTheCountOfTheListsThatAreAddedToIt) {
  ProblemList one, other;
  for (long line = 1; line <= 30; ++line) {
    one.add(line, "bid is " + std::to_string(line));
    other.add(100 + line, "bid is " + std::to_string(line));
  }
  one.add(other);
  const Lines lines = one.by_line("f").lines;
  ASSERT_EQ(lines.size(), 21U);
  EXPECT_EQ(lines[20], "f:20: and 40 more like this, up to line 130");
}

TEST(ProblemList, OfPlacesWithoutALineCountsThemToo) {
  ProblemList problems;
  for (int i = 0; i < 25; ++i)
    problems.add(0, "/layers/" + std::to_string(i) + "/op is missing");
  EXPECT_EQ(problems.by_line("f").lines.back(), "f: and 5 more like this");
}

TEST(ProblemList, EndsInCountingWhereEverySentenceIsAnother) {
  ProblemList problems;
  for (int i = 0; i < 100'000; ++i) {
    std::string word;
    for (int rest = i; rest > 0; rest /= 26)
      word += static_cast<char>('a' + rest % 26);
    problems.add(i + 1, "odd: " + word);
  }
  EXPECT_LE(problems.by_line("f").lines.size(), limits::kinds_of_problems + limits::problems_of_a_kind + 2);
}

}  // namespace
}  // namespace strikenet
