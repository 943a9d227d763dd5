#include <cmath>
#include "strikenet/testing/arbitrage.h"
using namespace strikenet;

/// The surface under test: SVI, total variance t (a + b (rho x + sqrt(x^2 + s^2))) of x = log(strike / forward).
double my_vol(double k, double /*t*/) {
  const double a = 0.02, b = 0.1, rho = -0.6, s = 0.3, x = std::log(k);
  return std::sqrt(a + b * (rho * x + std::hypot(x, s)));
}

TEST(MySurface, HasNoStaticArbitrage) {
  const CheckGrid grid{.t = {0.1, 0.25, 0.5, 1, 2}, .k = log_spaced(0.25, 4, 401), .tolerance = 1e-12};
  EXPECT_ARBITRAGE_FREE(vols_on(grid, my_vol));
}

TEST(MySurface, HasNoArbitrageInItsOwnPricesEither) {
  const CheckGrid grid{.t = {0.5, 1}, .k = log_spaced(0.5, 2, 51), .tolerance = 1e-6};  // as good as my prices are
  EXPECT_ARBITRAGE_FREE(calls_on(grid, [](double k, double t) { return call_of_vol(k, t, my_vol(k, t)); }));
}
