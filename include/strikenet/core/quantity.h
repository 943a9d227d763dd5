#pragma once

#include <compare>

namespace strikenet {

/// A double that knows what it measures, so that a strike cannot be passed where a forward is meant.
/// Holds any double, NaN included: the function that receives it says which values it takes.
template <class Tag>
class Quantity {
 public:
  explicit constexpr Quantity(double value) : value_(value) {}
  constexpr double value() const { return value_; }
  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  double value_;
};

using Strike = Quantity<struct StrikeTag>;                  ///< currency per unit of underlying
using Forward = Quantity<struct ForwardTag>;                ///< currency per unit of underlying
using Price = Quantity<struct PriceTag>;                    ///< undiscounted, currency per unit of underlying
using DiscountFactor = Quantity<struct DiscountFactorTag>;  ///< value today of one unit paid at expiry
using Vol = Quantity<struct VolTag>;                        ///< per square root of a year, decimal: 0.2 is 20 %
using TotalVol = Quantity<struct TotalVolTag>;              ///< vol * sqrt(year fraction), no unit
using NormalVol = Quantity<struct NormalVolTag>;            ///< Bachelier's, currency per square root of a year
using NormalTotalVol = Quantity<struct NormalTotalVolTag>;  ///< normal vol * sqrt(year fraction), currency
using YearFraction = Quantity<struct YearFractionTag>;      ///< minutes / 525,600

}  // namespace strikenet
