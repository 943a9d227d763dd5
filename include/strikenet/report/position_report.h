#pragma once

#include <optional>
#include <string>

#include "strikenet/core/export.h"
#include "strikenet/payoff/facts.h"
#include "strikenet/payoff/option_portfolio.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

/// A band that was asked for, and the distance that spot may move before the value leaves it.
struct CertifiedBand {
  double from, low, high, radius;
};

/// A position and what is true of it.
struct PositionReport {
  OptionPortfolio portfolio;
  PiecewiseLinear payoff;  ///< the same, as straight pieces
  double error = 0;        ///< largest distance from what it stands for, a curve or a smooth network; 0: exact
  bool measured = false;   ///< whether that is only the largest that was seen
  std::optional<CertifiedBand> band = {};
};

/// The legs, then facts_of(payoff), one a line, with the first kink that stands in the way of each property that the
/// payoff does not have. Rounded to 8 digits.
STRIKENET_EXPORT std::string position_table(const PositionReport& report);

/// Schema "strikenet.portfolio/1" (docs/reference/networks-and-portfolios.md), which read_position() reads back number
/// for number. What is infinite is null.
STRIKENET_EXPORT std::string position_json(const PositionReport& report);

}  // namespace strikenet
