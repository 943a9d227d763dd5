#pragma once

#include <cstddef>

#include "strikenet/core/export.h"
#include "strikenet/network/deep_network.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

struct FlattenOptions {
  std::size_t most_pieces = 1'000'000;  ///< of the result; depth can multiply them (Telgarsky 2015)
};

/// A deep network of one input as what it is: straight pieces. With to_calls(PiecewiseLinear), as one book of options.
///
/// Nothing is sampled. Layer by layer each interval of x on which all channels so far are straight lines is cut where a
/// channel reaches a kink of its activation - where its line is 0, a bound of a clip, or meets the other input of a
/// maximum - and on each part the activation is one of its straight pieces. So every breakpoint is the root of a line
/// that the layers before it compose, to a few roundings, and every slope is the product of weights that the chain rule
/// gives. Breakpoints at most 16 units in the last place apart are taken as one, which moves the value by as many
/// roundings; a breakpoint at which the output's slope does not change, bit for bit, is dropped.
/// docs/theory/flattening.md has the proof and the bound on the number of pieces.
///
/// Cost: the number of pieces before dropping, times one evaluation of value and slope.
/// Throws PreconditionError naming a layer without straight pieces ("enclose() bounds it"), and when there are more
/// than options.most_pieces.
STRIKENET_EXPORT PiecewiseLinear piecewise_linear(const DeepNetwork& network, const FlattenOptions& options = {});

/// A function with its distance from a network: |f(x) - middle(x)| <= error at every x.
struct Enclosure {
  PiecewiseLinear middle;
  double error;  ///< in the unit of the output
};

/// Any network, smooth activations included, between two books of options: middle - error and middle + error. Each
/// smooth activation is replaced by straight pieces that are nowhere farther than `activation_error` from it (optimal
/// knots, see payoff/curve.h; the pieces beyond the last knots are its asymptotes), and the error is carried through
/// the layers by the absolute weights and the largest slopes of the activations: gelu 1.129, silu 1.0999, softplus and
/// tanh 1. That is a bound, as a rule several times the true distance. With straight activations only the error is 0.
/// Throws PreconditionError unless 1e-9 <= activation_error <= 1, and as piecewise_linear() does.
STRIKENET_EXPORT Enclosure enclose(const DeepNetwork& network, double activation_error,
                                   const FlattenOptions& options = {});

}  // namespace strikenet
