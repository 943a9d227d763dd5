#pragma once

#include <span>

#include "smile_problem.h"
#include "strikenet/fitting/fit_smile.h"

namespace strikenet {

/// Throws PreconditionError if quotes, forward or options break the rules of fit_smile.
void require_fittable(std::span<const SmileQuote> quotes, Forward forward, const FitOptions& options);

/// The result of a solution, compared with its quotes.
FitResult result_of(std::span<const SmileQuote> quotes, Forward forward, const Smile& smile,
                    const SmileSolution& solution);

}  // namespace strikenet
