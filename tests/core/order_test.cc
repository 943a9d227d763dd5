#include "strikenet/core/order.h"

#include <gtest/gtest.h>

#include <cmath>

namespace strikenet {
namespace {

TEST(Order, IsThatOfTheTimesToTheBit) {
  EXPECT_EQ(order_of(YearFraction(0.5), YearFraction(0.5)), Order::same_instant);
  EXPECT_EQ(order_of(YearFraction(0.5), YearFraction(std::nextafter(0.5, 1.0))), Order::after);
  EXPECT_EQ(to_string(order_of(YearFraction(0.25), YearFraction(0.5))), "after");
  EXPECT_EQ(to_string(order_of(YearFraction(0.25), YearFraction(0.25))), "same instant");
}

}  // namespace
}  // namespace strikenet
