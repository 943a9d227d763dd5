#include "strikenet/surface/surface.h"

#include <algorithm>

#include "strikenet/core/result.h"

namespace strikenet {

bool has_common_knots(const Surface& surface) {
  return std::ranges::all_of(surface.slices, [&](const SurfaceSlice& slice) {
    return std::ranges::equal(slice.curve.knots(), surface.slices.front().curve.knots());
  });
}

double price(const SurfaceSlice& slice, OptionType type, Strike strike) {
  require(strike.value() >= 0, "price", "strike", strike.value(), "must be at least 0");
  const double forward = slice.forward.value(), k = strike.value() / forward;
  return slice.discount.value() * forward * (type == OptionType::call ? slice.curve.call(k) : slice.curve.put(k));
}

}  // namespace strikenet
