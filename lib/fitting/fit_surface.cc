#include "strikenet/fitting/fit_surface.h"

#include "strikenet/fitting/surface_fit.h"

namespace strikenet {

SlicesFit fit_surface(const Chain& chain, const FitOptions& options, int threads,
                      const std::function<void(int)>& progress) {
  return SurfaceFit(chain, options, threads, progress).result();
}

}  // namespace strikenet
