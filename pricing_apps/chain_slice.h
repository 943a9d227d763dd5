#pragma once

#include <cstddef>
#include <string>

#include "strikenet/core/result.h"
#include "strikenet/market/chain.h"
#include "strikenet/surface/surface.h"

namespace strikenet::app {

/// The slice of the chain that the user means by "2019-06-28", "T=0.5", or either with a root, "2019-06-28 SPXW".
/// `root`: the only one that counts; empty for all. Problems say which there are.
Result<std::size_t> slice_of(const Chain& chain, const std::string& expiry, const std::string& root);

/// The law of one slice of a chain: that of the surface file, if one is named, else of a fit of the slice alone.
/// Problems: those of the file, no such expiry in it, or another forward or discount factor than the chain's.
Result<SurfaceSlice> law_of(const Chain& chain, std::size_t slice, const std::string& surface_file);

}  // namespace strikenet::app
