#pragma once

#include <functional>

#include "strikenet/core/export.h"
#include "strikenet/fitting/fit_slices.h"

namespace strikenet {

/// Fits all expiries of a chain together: networks on common nodes m_i, free of arbitrage in strike and in time.
/// Minimises one convex problem over the weights of all expiries n,
///
///     sum_n  sum_i ( r_i^2 / 20  +  1e5 distance(r_i, [-1, 1]) )  +  roughness_n  +  ridge_n
///     subject to  w >= 0,  mass 1,  mean 1,  g_n(m_i) >= g_{n-1}(m_i) at every node
///
/// Expiries of one t are roots that settle at one instant: n counts instants, the quotes of all roots bound one law, in
/// units of their own forward and discount factor, and each root's slice has the same weights. Quotes of roots that
/// contradict each other are missed as any others.
///
/// r_i the distance of a price from the middle of its strike's band, in half spreads; g the hinge sums, whose order is
/// that of the smooth prices at every strike (see prove_arbitrage_free); roughness half the squared third difference,
/// over the units, of weight over prior, times its weight; ridge 1/2 (1e-4 (weight over prior less 1))^2, which
/// determines what nothing else does. Priors are the expiries fitted alone to the middles, put in order in time and
/// smoothed.
///
/// Spreads. The distance is not squared, so every price is inside where that is possible at all. Where it is not, the
/// prices that miss have the least total distance, in half spreads over all quotes, that networks on these nodes can
/// have, and the rest is minimised at that.
///
/// Expiries without spreads. r_i is the error in total vol, at the scale of one basis point of a vol of 25 %. The
/// largest error of each expiry is made small first, their sum as small as it can be; then errors are held within 0.4 %
/// of it and their squares minimised. With `loss` it is the loss alone, in vols as in half spreads.
///
/// Engine::interior is a primal-dual interior-point method with a banded QR for each expiry and a Schur complement over
/// the nodes where neighbours come near, and then an active set, in exact vols, to the minimum itself. Engine::ceres
/// starts Ceres where the first ends, on the face of the second - what is at a bound is held there -, with the loss
/// itself, and takes the point with the best certificate. See docs/decisions/0005-one-problem-for-all-expiries.md.
///
/// SurfaceFit keeps the problem, and fits a changed chain from its solution.
///
/// Then order is made exact, for the proof: the larger of each expiry's hinge sums and those before it, and prices out
/// of the money times 1 + 1e-12 n for the n-th expiry after the first. `fits` count what is inside after that.
///
/// FitResult::optimality is how far, at most, the price of a quote of this expiry is from its value at the exact
/// minimum, in forwards: by the duality gap, in double precision where that says enough, else from a point found and
/// measured in quadruple precision, to which the fit then moves. 1 and more is as good as unknown. `optimal`: no price
/// of any expiry is farther than 1e-8 forwards or a tenth of its half spread - of a basis point of vol, where it
/// has no spread -; `stalled`: that is not known. Termination, message and iterations are those of the joint problem.
///
/// Not promised: that it is known. Where quotes contradict each other by thousands of half spreads, multipliers are
/// too large for either. With a loss, and in vols, the bound is of first order, and with Loss::cauchy of a local
/// minimum. Prints nothing, as fit_smile.
///
/// The same bits for any number of `threads`. `progress`, when given, is called with the number of expiries fitted
/// alone so far, from one thread at a time; the joint problem comes after the last. FitOptions::optimality_tolerance
/// does not apply, and Ceres takes at most 300 of FitOptions::max_iterations.
///
/// Cost: a Newton step is linear in units and quotes, and cubic in the nodes at which two neighbours come near. About
/// 0.3 s for 626 quotes on 8 expiries, 2.3 s for 10,384 on 30, 20 s for 7,422 on 48 that meet everywhere (two cores).
///
/// Throws PreconditionError as fit_slices does, and for `relu` at the strikes of each expiry or with trained strikes,
/// which have no common nodes.
STRIKENET_EXPORT SlicesFit fit_surface(const Chain& chain, const FitOptions& options, int threads = 1,
                                       const std::function<void(int)>& progress = {});

}  // namespace strikenet
