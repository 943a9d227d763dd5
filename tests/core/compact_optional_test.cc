#include "strikenet/core/compact_optional.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace strikenet {
namespace {

template <class T>
void expect_holds(T value) {
  const CompactOptional<T> holds(value), nothing;
  EXPECT_TRUE(holds.has_value() && holds);
  EXPECT_EQ(*holds, value);
  EXPECT_EQ(holds.value(), value);
  EXPECT_EQ(std::optional<T>(holds), value);
  EXPECT_EQ(holds, CompactOptional<T>(std::optional<T>(value)));
  EXPECT_FALSE(holds == nothing || holds == std::nullopt || holds == std::optional<T>());
}

TEST(CompactOptional, HoldsWhatItIsGiven) {
  for (const double number : {0.0, -1.5, 1e-300, 1e300, std::numeric_limits<double>::infinity()})
    expect_holds(number);
  expect_holds(YearFraction(0.25));
  for (const char* instant : {"1969-12-31T23:59Z", "2019-06-26T15:45-04:00", "9999-12-31T23:59Z", "0001-01-01T00:00Z"})
    expect_holds(*parse_instant(instant));
}

TEST(CompactOptional, HoldsNothingUntilItIsGivenSomething) {
  CompactOptional<double> nothing;
  EXPECT_FALSE(nothing.has_value() || nothing);
  EXPECT_EQ(nothing, CompactOptional<double>());
  EXPECT_EQ(nothing, std::nullopt);
  EXPECT_EQ(std::optional<double>(nothing), std::nullopt);
  EXPECT_EQ(nothing.value_or(7), 7);
  EXPECT_THROW(static_cast<void>(nothing.value()), std::bad_optional_access);
  nothing = 1.0;
  EXPECT_EQ(nothing, 1.0);
  nothing.reset();
  EXPECT_EQ(nothing, std::nullopt);
  EXPECT_EQ(CompactOptional<double>(std::nan("")), std::nullopt);
}

TEST(CompactOptional, TakesEightBytes) {
  EXPECT_EQ(sizeof(CompactOptional<double>), 8U);
  EXPECT_EQ(sizeof(CompactOptional<Instant>), 8U);
}

}  // namespace
}  // namespace strikenet
