#pragma once

#include "strikenet/core/characteristic_function.h"
#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"
#include "strikenet/payoff/call_portfolio.h"

namespace strikenet {

struct FourierPrice {
  double price;  ///< undiscounted, currency
  double delta;  ///< d price / d F, the law of S / F unchanged ("sticky moneyness")
  double gamma;
  double error;  ///< of the price, as the quadrature estimates it, currency
};

/// A whole book of options, or network, at once under any law of the log: one integral of the payoff's transform,
///
///     price = cash + (shares + sum_i n_i) F - 1/pi integral_0^inf Re[ g(u) phi(u - i/2) ] / (u^2 + 1/4) du,
///     g(u)  = sum_i n_i sqrt(F K_i) exp(i u ln(F / K_i))
///
/// (Lewis 2001, eq. 3.11, for each n_i calls struck at K_i: it prices the smaller of underlying and strike, which is
/// bounded). phi is evaluated as often for many legs as for one. Delta and gamma are the same integral with 1/2 + iu,
/// and with -(u^2 + 1/4), under it. By the Gauss-Kronrod rule of 31 points of Boost.Math, halving intervals, up to
/// where phi has vanished. The rounding error is some 1e-15 of the sum of |units| sqrt(F K). About 0.3 ms for one leg
/// under Heston, 0.1 ms for each further one. Throws PreconditionError unless forward is positive and finite, and
/// unless phi has fallen below 1e-17 at u = 1e6, which that of a law with points in it never does.
STRIKENET_EXPORT FourierPrice fourier_price(const CallPortfolio& calls, Forward forward,
                                            const CharacteristicFunction& phi);

}  // namespace strikenet
