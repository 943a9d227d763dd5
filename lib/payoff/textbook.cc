#include "strikenet/payoff/textbook.h"

#include <cmath>
#include <initializer_list>
#include <string_view>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

void require_strikes(std::string_view where, std::initializer_list<Strike> strikes) {
  double last = 0;
  for (const Strike strike : strikes) {
    require(strike.value() > last && std::isfinite(strike.value()), where, "strike", strike.value(),
            "strikes must be positive, finite and strictly increasing");
    last = strike.value();
  }
}

/// 0 below the first strike; from each on, its slope.
PiecewiseLinear of_slopes(std::initializer_list<Knot> knots) { return {0, 0, std::vector<Knot>(knots)}; }

void require_gap(std::string_view where, Strike trigger, Strike strike) {
  require_strikes(where, {trigger});
  require(strike.value() >= 0 && std::isfinite(strike.value()), where, "strike", strike.value(),
          "must be finite and at least 0");
}

}  // namespace

PiecewiseLinear call(Strike strike) {
  require_strikes("call", {strike});
  return of_slopes({{strike.value(), 1}});
}

PiecewiseLinear put(Strike strike) {
  require_strikes("put", {strike});
  return {strike.value(), -1, {{strike.value(), 0}}};
}

PiecewiseLinear forward(Strike strike) {
  require_strikes("forward", {strike});
  return {-strike.value(), 1};
}

PiecewiseLinear straddle(Strike strike) {
  require_strikes("straddle", {strike});
  return {strike.value(), -1, {{strike.value(), 1}}};
}

PiecewiseLinear strangle(Strike low, Strike high) {
  require_strikes("strangle", {low, high});
  return {low.value(), -1, {{low.value(), 0}, {high.value(), 1}}};
}

PiecewiseLinear risk_reversal(Strike low, Strike high) {
  require_strikes("risk_reversal", {low, high});
  return {-low.value(), 1, {{low.value(), 0}, {high.value(), 1}}};
}

PiecewiseLinear call_spread(Strike low, Strike high) {
  require_strikes("call_spread", {low, high});
  return of_slopes({{low.value(), 1}, {high.value(), 0}});
}

PiecewiseLinear put_spread(Strike low, Strike high) {
  require_strikes("put_spread", {low, high});
  return {high.value() - low.value(), 0, {{low.value(), -1}, {high.value(), 0}}};
}

PiecewiseLinear butterfly(Strike low, Strike middle, Strike high) {
  require_strikes("butterfly", {low, middle, high});
  const double down = (middle.value() - low.value()) / (high.value() - middle.value());
  return of_slopes({{low.value(), 1}, {middle.value(), -down}, {high.value(), 0}});
}

PiecewiseLinear condor(Strike first, Strike second, Strike third, Strike fourth) {
  require_strikes("condor", {first, second, third, fourth});
  const double down = (second.value() - first.value()) / (fourth.value() - third.value());
  return of_slopes({{first.value(), 1}, {second.value(), 0}, {third.value(), -down}, {fourth.value(), 0}});
}

PiecewiseLinear ladder(Strike low, Strike middle, Strike high) {
  require_strikes("ladder", {low, middle, high});
  return of_slopes({{low.value(), 1}, {middle.value(), 0}, {high.value(), -1}});
}

PiecewiseLinear capped_call(Strike strike, double cap) {
  require_strikes("capped_call", {strike});
  require(cap > 0 && std::isfinite(cap), "capped_call", "cap", cap, "must be positive and finite");
  return call_spread(strike, Strike(strike.value() + cap));
}

PiecewiseLinear digital_call(Strike strike, double cash) {
  require_strikes("digital_call", {strike});
  return {0, 0, {{strike.value(), 0, cash}}};
}

PiecewiseLinear digital_put(Strike strike, double cash) {
  require_strikes("digital_put", {strike});
  return {cash, 0, {{strike.value(), 0, -cash}}};
}

PiecewiseLinear gap_call(Strike trigger, Strike strike) {
  require_gap("gap_call", trigger, strike);
  return {0, 0, {{trigger.value(), 1, trigger.value() - strike.value()}}};
}

PiecewiseLinear gap_put(Strike trigger, Strike strike) {
  require_gap("gap_put", trigger, strike);
  return {strike.value(), -1, {{trigger.value(), 0, trigger.value() - strike.value()}}};
}

}  // namespace strikenet
