#pragma once

#include <vector>

#include "strikenet/fitting/fit_slices.h"
#include "strikenet/fitting/fit_smile.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// The used quotes of every slice, undiscounted.
using Smiles = std::vector<std::vector<SmileQuote>>;
Smiles smiles_of(const Chain& chain);

/// Per slice, which instant it settles at: 0, 1, ... Slices of one instant, under different roots, have one law.
std::vector<std::size_t> instants_of(const Chain& chain);

/// The quotes of all slices of every instant, slice by slice, in the units of the first slice's forward.
Smiles by_instant(const Chain& chain, const Smiles& smiles);

/// The options with knots for all slices at once - but `relu` at the strikes of each expiry keeps its own.
FitOptions with_common_knots(const Chain& chain, const Smiles& smiles, FitOptions options);

/// Throws PreconditionError unless there are slices, none before the one before it, at one instant only under different
/// roots, the options keep their rules, and threads >= 1.
void require_fittable(const Chain& chain, const FitOptions& options, int threads);

/// The head of a surface, and its slices one by one.
SlicesFit without_slices(const Chain& chain, const FitOptions& options);
/// `quotes` is not empty.
void add_slice(const ChainSlice& slice, const std::vector<SmileQuote>& quotes, FitResult fit, SlicesFit& result);

}  // namespace strikenet
