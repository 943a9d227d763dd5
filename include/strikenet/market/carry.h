#pragma once

#include <optional>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// What the forwards of one expiry say about holding the underlying, continuously compounded, a year. With 1 for the
/// first expiry of the same root,
///
///     rate = -ln(D) / t,   carry = ln(F / F_1) / (t - t_1),   yield = ln(D_1 / D) / (t - t_1) - carry
///
/// The yield is that of dividends and of lending the underlying out (its borrow). As good as the forwards are: one tick
/// of the forward of an expiry a day behind the first is worth 365 ticks in carry.
struct Carry {
  double rate;
  std::optional<double> carry;  ///< none for the first expiry of a root
  std::optional<double> yield;
};

/// One per Chain::slices.
STRIKENET_EXPORT std::vector<Carry> implied_carry(const Chain& chain);

}  // namespace strikenet
