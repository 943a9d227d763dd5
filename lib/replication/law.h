#pragma once

#include <span>
#include <vector>

#include "strikenet/surface/surface.h"

namespace strikenet {

/// Spots and weights with sum weight * g(spot) = E[g(S)] for every g that is a polynomial of degree 4 - for `relu` any
/// function - between the law's knots and `kinks` (sorted, not negative). By Gauss and Legendre on three points.
struct LawPoint {
  double spot, weight;
};
std::vector<LawPoint> law_points(const SurfaceSlice& slice, std::span<const double> kinks);

}  // namespace strikenet
