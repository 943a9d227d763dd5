#pragma once

#include <optional>
#include <string_view>

#include "strikenet/core/export.h"

namespace strikenet {

/// What an error costs, as a function rho of the squared residual s = r^2, with rho'(0) = 1.
enum class Loss {
  squared,  ///< s
  huber,    ///< s up to 1, then 2 sqrt(s) - 1: a bad quote pulls with bounded force. Convex
  soft_l1,  ///< 2 (sqrt(1 + s) - 1): the same, smoothly. Convex
  cauchy,   ///< log(1 + s): a far quote is all but ignored. Not convex: a minimum need not be the only one
};

/// "squared", "huber", "soft-l1", "cauchy": as on the command line.
STRIKENET_EXPORT std::string_view to_string(Loss loss);
/// Empty for any other word.
STRIKENET_EXPORT std::optional<Loss> parse_loss(std::string_view text);

/// Why a minimisation stopped.
enum class Termination {
  optimal,  ///< the certificate, which does not come from the solver, says so
  iteration_limit,
  stalled,  ///< the solver can no longer lower the cost, yet the certificate is not met
  solver_failure,
};

/// "optimal", "iteration-limit", "stalled", "solver-failure".
STRIKENET_EXPORT std::string_view to_string(Termination termination);

}  // namespace strikenet
