#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include "strikenet/core/order.h"

namespace strikenet {

/// Compares two laws under an order, exactly, and returns how many inequalities that took.
///
/// A law has `nodes()`, increasing, between which and beyond the last of which its calls are straight, and
/// `calls_at(points)` at increasing points, in the unit of the other's: numbers without rounding, so that at the nodes
/// of either the whole of both has been compared. `broken(point, gap)` is called wherever the gap, the second law's
/// call less the first's, is not what the order asks for: negative, or at one instant not 0.
template <class First, class Second, class Broken>
std::size_t compare(Order order, const First& first, const Second& second, const Broken& broken) {
  auto points = first.nodes();
  if (points != second.nodes()) {
    points.clear();
    std::ranges::set_union(first.nodes(), second.nodes(), std::back_inserter(points));
  }
  const auto of_first = first.calls_at(points), of_second = second.calls_at(points);
  const bool both_ways = order == Order::same_instant;
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto gap = of_second[i];
    gap -= of_first[i];
    if (gap < 0 || (both_ways && gap > 0)) broken(points[i], gap);
  }
  return points.size() * (both_ways ? 2 : 1);
}

}  // namespace strikenet
