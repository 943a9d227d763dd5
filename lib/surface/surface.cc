#include "strikenet/surface/surface.h"

#include "strikenet/core/result.h"

namespace strikenet {

double price(const SurfaceSlice& slice, OptionType type, Strike strike) {
  require(strike.value() >= 0, "price", "strike", strike.value(), "must be at least 0");
  const double forward = slice.forward.value(), k = strike.value() / forward;
  return slice.discount.value() * forward * (type == OptionType::call ? slice.curve.call(k) : slice.curve.put(k));
}

}  // namespace strikenet
