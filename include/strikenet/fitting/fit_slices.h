#pragma once

#include <functional>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/fitting/fit_smile.h"
#include "strikenet/market/chain.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

struct SlicesFit {
  Surface surface;
  std::vector<FitResult> fits = {};  ///< one per slice of the surface, in its order

  /// Every slice at its minimum.
  bool usable() const {
    for (const FitResult& fit : fits)
      if (!fit.usable()) return false;
    return true;
  }
};

/// Fits every expiry of a chain on its own (see fit_smile): free of arbitrage in strike, nothing promised in time. All
/// slices share one set of knots, wide enough for the widest wings and fine enough for the shortest expiry - but `relu`
/// with no number of units, whose units sit at each expiry's own strikes.
///
/// `threads` >= 1 slices are fitted at a time; the result is the same for any number. `progress`, when given, is called
/// with the number of slices done so far, from one thread at a time.
/// Throws PreconditionError for options that break their rules, for a chain without slices, and for two slices that
/// expire at one instant.
STRIKENET_EXPORT SlicesFit fit_slices(const Chain& chain, const FitOptions& options, int threads = 1,
                                      const std::function<void(int)>& progress = {});

}  // namespace strikenet
