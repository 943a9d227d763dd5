#include "core/rational.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "support/words.h"

namespace strikenet {
namespace {

TEST(Decimal, IsWhatAFileSaysAndNotTheDoubleThatHoldsIt) {
  EXPECT_EQ(decimal(22.7), Rational(227, 10));
  EXPECT_EQ(decimal(0.1) + decimal(0.2), decimal(0.3));
  EXPECT_EQ(decimal(-2.5e-7), Rational(-25, 100000000));
  EXPECT_EQ(decimal(1e22), Rational(boost::multiprecision::cpp_int("10000000000000000000000")));
  EXPECT_EQ(decimal(0.0), 0);
  EXPECT_EQ(static_cast<double>(decimal(5e-324)), 5e-324);
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  EXPECT_EQ(testing_support::words([] { decimal(std::nan("")); }), "decimal: value is nan, but must be finite");
  EXPECT_EQ(testing_support::words([] { decimal(1 / 0.0); }), "decimal: value is inf, but must be finite");
}

TEST(Less, IsTheOrderOfFractions) {
  const std::vector<Rational> increasing{Rational(-7, 2),
                                         Rational(-1, 3),
                                         Rational(-1, 4),
                                         0,
                                         Rational(1, boost::multiprecision::cpp_int("1000000000000000000000")),
                                         Rational(2, 3),
                                         Rational(3, 4),
                                         5};
  for (std::size_t i = 0; i < increasing.size(); ++i)
    for (std::size_t j = 0; j < increasing.size(); ++j)
      EXPECT_EQ(less(increasing[i], increasing[j]), i < j) << increasing[i] << ' ' << increasing[j];
}

TEST(ToDigits, KeepsSoManySignificantDigits) {
  EXPECT_EQ(to_digits(2917.123456789, 6), 2917.12);
  EXPECT_EQ(to_digits(-0.00123456, 3), -0.00123);
  EXPECT_EQ(to_digits(99.996, 4), 100);
  EXPECT_EQ(to_digits(0, 4), 0);
  EXPECT_EQ(to_digits(1e-320, 4), 1e-320);  // there is no power of ten that large
}

}  // namespace
}  // namespace strikenet
