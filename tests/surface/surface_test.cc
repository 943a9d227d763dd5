#include "strikenet/surface/surface.h"

#include <gtest/gtest.h>

#include <cmath>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

const SurfaceSlice kSlice{{"2026-12-18", "SPXW"},
                          YearFraction(0.5),
                          Forward(200),
                          DiscountFactor(0.5),
                          CallCurve(Activation::relu, {0.5, 1.5}, {0.5, 0.5})};

TEST(Price, IsDiscountedAndInCurrency) {
  EXPECT_EQ(price(kSlice, OptionType::call, Strike(200)), 25);  // 0.5 * 200 * 0.5 * (1.5 - 1)
  EXPECT_EQ(price(kSlice, OptionType::put, Strike(200)), 25);
  EXPECT_EQ(price(kSlice, OptionType::call, Strike(0)), 100);  // the discounted forward
  EXPECT_EQ(price(kSlice, OptionType::put, Strike(0)), 0);
}

TEST(Price, OfAPutWithoutValueIsExactlyZeroAndNotARoundingError) {
  EXPECT_EQ(price(kSlice, OptionType::put, Strike(100)), 0);
  EXPECT_EQ(price(kSlice, OptionType::call, Strike(300)), 0);
}

TEST(Price, RefusesANegativeStrike) {
  EXPECT_THROW(price(kSlice, OptionType::call, Strike(-1)), PreconditionError);
  EXPECT_THROW(price(kSlice, OptionType::call, Strike(NAN)), PreconditionError);
}

}  // namespace
}  // namespace strikenet
