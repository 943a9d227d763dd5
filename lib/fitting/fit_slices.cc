#include "strikenet/fitting/fit_slices.h"

#include <mutex>
#include <optional>
#include <utility>

#include "chain_smiles.h"
#include "core/parallel.h"

namespace strikenet {

SlicesFit fit_slices(const Chain& chain, const FitOptions& options, int threads,
                     const std::function<void(int)>& progress) {
  require_fittable(chain, options, threads);
  const Smiles smiles = smiles_of(chain);
  const FitOptions common = with_common_knots(chain, smiles, options);

  std::vector<std::optional<FitResult>> fits(smiles.size());
  std::mutex guard;
  int done = 0;
  Workers(threads).each(smiles.size(), [&](std::size_t i) {
    fits[i] = fit_smile(smiles[i], chain.slices[i].forward, common);
    const std::lock_guard lock(guard);
    if (progress) progress(++done);
  });

  SlicesFit result = without_slices(chain, options);
  for (std::size_t i = 0; i < fits.size(); ++i)
    add_slice(chain.slices[i], smiles[i], std::move(*fits[i]), result);
  return result;
}

}  // namespace strikenet
