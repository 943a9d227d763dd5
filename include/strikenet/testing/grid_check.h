#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"

namespace strikenet {

/// `count` numbers from `lowest` to `highest`, both included, in equal ratios. Throws PreconditionError unless
/// 0 < lowest < highest and count >= 2.
STRIKENET_EXPORT std::vector<double> log_spaced(double lowest, double highest, int count);

/// Where prices are looked at, and how well they are known.
struct CheckGrid {
  std::vector<double> t = {};                       ///< times to expiry in years, > 0, increasing
  std::vector<double> k = log_spaced(0.2, 5, 201);  ///< strikes over the forward of their expiry, > 0, increasing
  double tolerance = 1e-12;                         ///< forwards: the error of one price
};

/// What no arbitrage says of undiscounted call prices over the forward, c(k, t), with k_0 = 0 and c(0, t) = 1:
enum class GridRelation {
  number,     ///< c is finite
  bounds,     ///< max(1 - k, 0) <= c <= 1
  vertical,   ///< c(k_j) <= c(k_j-1)
  butterfly,  ///< c(k_j) at most what c(k_j-1) and c(k_j+1) interpolate to
  calendar,   ///< c(k, t_i) >= c(k, t_i-1)
};

STRIKENET_EXPORT std::string_view to_string(GridRelation relation);  ///< "number", "bounds", ...

/// One relation at all points of a grid.
struct GridCount {
  GridRelation relation;
  std::size_t violated = 0;
  std::size_t tested = 0;
  double by = 0;           ///< of the worst violation, forwards; NaN for `number`
  std::string worst = {};  ///< that violation in words, with its prices; empty where there is none
};

struct STRIKENET_EXPORT GridCheck {
  std::vector<GridCount> counts = {};  ///< one per relation, in their order
  double unseen = 0;                   ///< forwards: see check_on_grid()

  bool arbitrage_free() const;  ///< nothing is violated
};

/// Looks for static arbitrage in a function of k = strike / forward and t on a grid. A relation is violated by more
/// than `tolerance` for each price in it, in proportion to its weight; one with a price that is not finite is not
/// tested, but that is a violation itself. Calendar order at fixed k assumes deterministic rates and proportional
/// dividends.
///
/// Prices within `tolerance` of a surface without arbitrage always pass. With a tolerance of 0 what passes has such a
/// surface through all its prices, straight between the strikes; a tolerance above 0 forgives each relation by itself.
/// Between the strikes the function is not looked at. `unseen` bounds by how much a price there can differ from a
/// straight line and be free of arbitrage still: it is between the chord and the two neighbouring lines, prolonged. A
/// finer grid has a smaller one. Before the first strike, beyond the last and between times nothing is said.
///
/// Calls the function once per point, times in order, from this thread. Throws PreconditionError where the grid breaks
/// its rules or has no time or fewer than two strikes, and whatever the function throws.
STRIKENET_EXPORT GridCheck check_on_grid(const CheckGrid& grid, const std::function<double(double k, double t)>& call);

/// "butterfly: 12 of 400, worst by 4.1e-05 at t = 1: ...", one line per violated relation, then the grid, the tolerance
/// and what is unseen.
STRIKENET_EXPORT std::string in_words(const GridCheck& check, const CheckGrid& grid);

/// c(k, t) = Black's undiscounted price over the forward of a call with this vol; NaN where the vol is negative or not
/// finite. k > 0, t > 0.
STRIKENET_EXPORT double call_of_vol(double k, double t, double vol);

}  // namespace strikenet
