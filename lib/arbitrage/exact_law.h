#pragma once

#include <optional>
#include <span>
#include <vector>

#include "arbitrage/law_program.h"
#include "core/rational.h"

namespace strikenet {

/// A law of the underlying at one expiry over its forward, discounted: atoms at nodes, the first at 0, and the prices
/// of calls and puts struck there. What is in a price is a sum of positive terms, so nothing that costs nothing can
/// pay.
struct ExactLaw {
  std::vector<Rational> nodes, weights, calls, puts;

  Rational call(const Rational& k) const;  ///< at any k
};

/// The laws of a solution, whose weights are doubles and taken as the rationals they are. The last atom is beyond the
/// last node, at the same place at every expiry. Where there are several, two large weights of each are moved until all
/// have the same mass and mean exactly; empty where that leaves one that is not positive.
std::optional<std::vector<ExactLaw>> exact_laws(const LawProgram& program, const LinearSolution& solution);

/// Whether the law's prices lie within all sides: prices and strikes of the quotes are the decimals of the file, and so
/// are forward and discount factor.
bool prices_within(const ExactLaw& law, const LawExpiry& expiry);

/// Whether a call is worth as much at a later expiry, at every k. Both have one mass, mean and last node.
bool in_order(const ExactLaw& earlier, const ExactLaw& later);

/// Where a law has to touch sides, as where quotes have no spread: the call's price at every node is the double of the
/// solution, taken back to the nearest of its sides where it is outside. Then all has to hold exactly: all sides, the
/// order between expiries, and, strictly, convexity and slopes. Beyond the last node, where prices are above 0 and
/// still falling, they go on straight to 0 at one far place.
bool touching_prices_within(const LawProgram& program, const LinearSolution& solution);

}  // namespace strikenet
