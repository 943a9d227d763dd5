#pragma once

#include "arbitrage/law_program.h"

namespace strikenet {

/// Half spreads by which quotes are missed, below which the linear program cannot tell: laws may touch them exactly.
inline constexpr double kTouches = 1e-3;

/// Whether a solution's laws - one an instant - price every quote within its sides, and increase in convex order from
/// instant to instant: proved in rational arithmetic, in one of two ways. Prices and strikes of the quotes are the
/// decimals of the file, and so are forwards and discount factors.
///
/// First as atoms at the nodes, whose weights are doubles and taken as the rationals they are, the last one beyond the
/// last node, at the same place at every instant. Where there are several, two large weights of each are moved until
/// all have the same mass and mean exactly. What is in a price is then a sum of positive terms, so nothing that costs
/// nothing can pay.
///
/// Else, where a law has to touch sides, as where quotes have no spread: what the underlying and money are worth is
/// moved, in rationals, to where every call and put of one strike agree, and the call's price at every node is the
/// double of the solution, taken back to the nearest of its sides where it is outside. Then all has to hold exactly:
/// all sides, the order between instants, and, strictly, convexity and slopes. Beyond the last node, where prices are
/// above 0 and still falling, they go on straight to 0 at one far place.
bool are_laws(const LawProgram& program, const LinearSolution& solution);

/// Whether laws are found and proved: that stay a little inside all sides; or that may touch them, with ever less room
/// in shape and order. Both give the program the nodes that they need.
bool have_roomy_laws(LawProgram& program);
bool have_touching_laws(LawProgram& program);

}  // namespace strikenet
