#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"

namespace strikenet {

/// What a hidden unit does with its input, as a function of the strike k. Each is E[(X - k)+] for a law X of mass 1:
///
///   relu       X = a                      a point                    piecewise linear prices
///   quadratic  X uniform on [a, b]        a box density              C1 prices
///   cubic      X with a hat density on    a < m < b                  C2 prices, continuous density
///              [a, b], peak at m
///
/// so a positive sum of units is a call-price curve whatever the activation, and `relu` is the network proper: the
/// other two are the same network with the kink smoothed. Unit j of a network sits on knots j, j+1, ... of its knots;
/// its node, the mean of X, is the mean of those knots.
enum class Activation { relu, quadratic, cubic };

/// Knots under one unit: 1, 2, 3.
constexpr int knots_per_unit(Activation activation) { return static_cast<int>(activation) + 1; }

STRIKENET_EXPORT std::string_view to_string(Activation activation);
/// Empty for any other word than "relu", "quadratic", "cubic".
STRIKENET_EXPORT std::optional<Activation> parse_activation(std::string_view text);

/// All four take the knots of one unit: strictly increasing, knots_per_unit(activation) of them. Each is evaluated
/// from its own side, without subtracting large numbers: relative error a few roundings wherever the value is not 0.
STRIKENET_EXPORT double unit_call(std::span<const double> knots, double k);     ///< E[(X - k)+]
STRIKENET_EXPORT double unit_put(std::span<const double> knots, double k);      ///< E[(k - X)+]
STRIKENET_EXPORT double unit_above(std::span<const double> knots, double k);    ///< P(X > k)
STRIKENET_EXPORT double unit_below(std::span<const double> knots, double k);    ///< P(X <= k)
STRIKENET_EXPORT double unit_density(std::span<const double> knots, double k);  ///< of X at k; 0 for a point

/// The nodes of consecutive units: knots.size() - knots_per_unit(activation) + 1 of them, none when there are too few.
STRIKENET_EXPORT std::vector<double> unit_nodes(Activation activation, std::span<const double> knots);

}  // namespace strikenet
