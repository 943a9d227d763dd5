#pragma once

#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// Why a price has no implied vol. Whatever the model, an option is worth at least its intrinsic value; where the
/// underlying cannot become negative, a call is worth less than the forward and a put less than the strike.
enum class PriceBound { none, below_intrinsic, above_upper_bound };

/// The bound that is broken, with its number, for the list of what is wrong with an input:
///
///     where: price is 0.3, but must be at least the intrinsic value 0.5
///     where: price is 101, but must be below the forward 100
///     where: price is 90, but must be below the strike 90
///
/// Numbers are written with as many digits as it takes to read the same double back.
/// Throws PreconditionError when `broken` is PriceBound::none.
STRIKENET_EXPORT std::string price_bound_problem(std::string_view where, PriceBound broken, OptionType type,
                                                 Forward forward, Strike strike, Price price);

}  // namespace strikenet
