#include "strikenet/core/result.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace strikenet {
namespace {

static_assert(std::is_base_of_v<std::invalid_argument, PreconditionError>);

std::string words(bool holds, double got) {
  try {
    require(holds, "fit", "spread", got, "must be positive");
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Require, SaysWhereWhatAndTheRuleWithEveryDigit) {
  EXPECT_EQ(words(true, -1), "no error");
  EXPECT_EQ(words(false, -1), "fit: spread is -1, but must be positive");
  EXPECT_EQ(words(false, 1.0 / 3), "fit: spread is 0.33333333333333331, but must be positive");
  EXPECT_EQ(words(false, NAN), "fit: spread is nan, but must be positive");
  EXPECT_EQ(words(false, -INFINITY), "fit: spread is -inf, but must be positive");
  EXPECT_EQ(words(false, 1e308), "fit: spread is 1e+308, but must be positive");
}

TEST(Result, IsAValueOrAllTheProblems) {
  const Result<int> seven(7);
  ASSERT_TRUE(seven);
  EXPECT_EQ(seven.value(), 7);
  EXPECT_THROW(seven.problems(), std::bad_variant_access);

  const Result<int> none(Problems{{"a.csv:1: no", "a.csv:2: no"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.problems().lines.size(), 2U);
  EXPECT_THROW(none.value(), std::bad_variant_access);
}

TEST(Result, GivesAwayWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 3);
}

}  // namespace
}  // namespace strikenet
