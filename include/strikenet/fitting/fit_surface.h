#pragma once

#include <functional>

#include "strikenet/core/export.h"
#include "strikenet/fitting/fit_slices.h"

namespace strikenet {

/// Fits all expiries of a chain together: networks on common nodes, each as in fit_smile, whose hinge sums do not fall
/// from one expiry to the next at any node. By total positivity that orders the smooth prices at every strike (see
/// prove_arbitrage_free), so the surface is free of arbitrage in strike and in time.
///
/// First every slice on its own (fit_slices). Where neighbours cross, both give way: slice by slice, Ceres solves the
/// slice's own problem with bounds from both neighbours, as an augmented Lagrangian with one multiplier a node, until
/// no crossing is longer than 5e-8 forwards or 30 sweeps are done. What is left is made exact by taking, expiry after
/// expiry, the larger of its hinge sums and those before - the larger of two convex functions is convex - and by mixing
/// every slice with a wide law, 2e-12 a slice, so that rounding leaves a margin to the proof.
///
/// What is not promised: the whole is not certified as the minimum of one joint problem. `fits` carry the certificate
/// of each slice between its neighbours as they then were, before what is left is made exact.
///
/// Throws PreconditionError as fit_slices does, and for `relu` at the strikes of each expiry or with trained strikes,
/// which have no common nodes. Cost: that of fit_slices, and for each sweep that of the slices that still cross.
STRIKENET_EXPORT SlicesFit fit_surface(const Chain& chain, const FitOptions& options, int threads = 1,
                                       const std::function<void(int)>& progress = {});

}  // namespace strikenet
