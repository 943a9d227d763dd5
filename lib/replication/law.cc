#include "replication/law.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strikenet {

std::vector<LawPoint> law_points(const SurfaceSlice& slice, std::span<const double> kinks) {
  const CallCurve& curve = slice.curve;
  const double forward = slice.forward.value();
  std::vector<LawPoint> points;
  if (curve.activation() == Activation::relu) {
    for (std::size_t j = 0; j < curve.weights().size(); ++j)
      points.push_back({curve.nodes()[j] * forward, curve.weights()[j]});
    return points;
  }
  std::vector<double> ends(curve.knots().begin(), curve.knots().end());
  for (const double kink : kinks)
    if (const double k = kink / forward; k > curve.knots().front() && k < curve.knots().back()) ends.push_back(k);
  std::ranges::sort(ends);
  ends.erase(std::ranges::unique(ends).begin(), ends.end());
  static const std::array<double, 3> kAt = {-std::sqrt(0.6), 0, std::sqrt(0.6)}, kWeight = {5.0 / 9, 8.0 / 9, 5.0 / 9};
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const double middle = (ends[i] + ends[i + 1]) / 2, half = (ends[i + 1] - ends[i]) / 2;
    for (std::size_t p = 0; p < 3; ++p) {
      const double k = middle + half * kAt[p];
      points.push_back({k * forward, kWeight[p] * half * curve.density(k)});
    }
  }
  return points;
}

}  // namespace strikenet
