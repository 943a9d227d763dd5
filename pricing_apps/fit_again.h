#pragma once

#include <iosfwd>
#include <string>

#include "fit_settings.h"
#include "strikenet/core/result.h"
#include "strikenet/fitting/surface_fit.h"
#include "strikenet/surface/surface.h"

namespace strikenet::app {

/// A surface, and the file it comes from.
struct NamedSurface {
  const Surface& surface;
  const std::string& file;
};

/// The fit that a surface came from: fits the chain that the words name, on the knots and as of the instant of the
/// surface. Problems: those of the chain, and an outcome that is not the surface - other expiries, other forwards, or a
/// weight that differs by more than 1e-9. A progress bar goes to `err`, when `progress` is true.
Result<SurfaceFit> fit_again(const FitWords& words, FitSettings settings, const NamedSurface& named, std::ostream& err,
                             bool progress);

}  // namespace strikenet::app
