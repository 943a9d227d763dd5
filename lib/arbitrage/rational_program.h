#pragma once

#include <optional>
#include <vector>

#include "core/rational.h"

namespace strikenet {

/// minimise  the sum of the x that count   subject to  rows x >= bounds,  x >= 0,  in exact arithmetic.
struct RationalProgram {
  std::size_t unknowns = 0;
  std::vector<std::vector<Rational>> rows;
  std::vector<Rational> bounds;
  std::size_t uncounted = 0;  ///< the last so many unknowns
};

/// A vertex at which the minimum is attained, exactly; empty when nothing meets all rows. By the simplex method in two
/// phases with Bland's rule (Bland 1977), which always ends. Dense, and fractions grow: for a few dozen rows and
/// unknowns.
std::optional<std::vector<Rational>> minimise(const RationalProgram& program);

}  // namespace strikenet
