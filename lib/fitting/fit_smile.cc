#include "strikenet/fitting/fit_smile.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "smile_problem.h"
#include "smile_result.h"
#include "strike_band.h"
#include "strikenet/core/result.h"
#include "train_strikes.h"

namespace strikenet {
namespace {

FitResult fit_with_strikes(const std::vector<StrikeBand>& bands, Forward forward, const FitOptions& options) {
  const double total_vol = at_the_money_total_vol(bands);
  TrainedStrikes best;
  int iterations = 0;
  std::vector<double> costs;
  for (int start = 0; start < options.starts; ++start) {
    TrainedStrikes trained = train_strikes(
        bands, total_vol, {.units = options.units, .seed = options.seed + static_cast<std::uint64_t>(start)});
    iterations += trained.iterations;
    costs.push_back(trained.cost);
    if (start == 0 || trained.cost < best.cost) best = std::move(trained);
  }
  return {.forward = forward,
          .curve = CallCurve(Activation::relu, best.nodes, best.weights),
          .termination = best.termination,
          .message = std::string(to_string(best.termination)) + ": best of " + std::to_string(options.starts) +
                     " starts; weights certified at its strikes, strikes a local minimum",
          .iterations = iterations,
          .optimality = best.optimality,
          .moved_units = best.moved,
          .start_costs = std::move(costs)};
}

double error_of(const FitResult& fit, const SmileQuote& quote) {
  const double model = fit.price(quote.type, quote.strike).value();
  return std::max({quote.bid.value() - model, model - quote.ask.value(), 0.0});
}

void judge(std::span<const SmileQuote> quotes, FitResult& fit) {
  const double slack = 1e-9 * fit.forward.value();
  fit.worst_strike = quotes.front().strike;
  for (const SmileQuote& quote : quotes) {
    const double error = error_of(fit, quote);
    if (quote.bid < quote.ask) {
      ++fit.quotes_with_spread;
      fit.inside += error <= slack;
    }
    if (error > fit.largest_error) {
      fit.largest_error = error;
      fit.worst_strike = quote.strike;
    }
  }
}

}  // namespace

void require_fittable(std::span<const SmileQuote> quotes, Forward forward, const FitOptions& options) {
  for (const std::string& problem : options.problems())
    throw PreconditionError(problem);
  require(forward.value() > 0 && std::isfinite(forward.value()), "fit_smile", "forward", forward.value(),
          "must be positive and finite");
  std::vector<double> strikes;
  for (const auto& [strike, type, bid, ask] : quotes) {
    require(strike.value() > 0 && std::isfinite(strike.value()), "fit_smile", "strike", strike.value(),
            "must be positive and finite");
    require(bid.value() >= 0, "fit_smile", "bid", bid.value(), "must be at least 0");
    require(ask.value() >= bid.value() && ask.value() > 0 && std::isfinite(ask.value()), "fit_smile", "ask",
            ask.value(), "must be positive, finite and at least the bid");
    strikes.push_back(strike.value());
  }
  require(!strikes.empty(), "fit_smile", "number of quotes", 0, "must be at least 1");
}

FitResult result_of(std::span<const SmileQuote> quotes, Forward forward, const Smile& smile,
                    const SmileSolution& solution) {
  FitResult fit{.forward = forward,
                .curve = CallCurve(smile.activation, smile.knots,
                                   std::vector<double>(solution.weights.begin(), solution.weights.end())),
                .termination = solution.last.termination,
                .message = solution.last.message,
                .iterations = solution.iterations,
                .optimality = solution.last.optimality};
  judge(quotes, fit);
  return fit;
}

std::string_view to_string(Engine engine) { return engine == Engine::ceres ? "ceres" : "interior"; }

std::optional<Engine> parse_engine(std::string_view text) {
  for (const Engine engine : {Engine::ceres, Engine::interior})
    if (to_string(engine) == text) return engine;
  return std::nullopt;
}

std::vector<std::string> FitOptions::problems() const {
  std::vector<std::string> problems;
  const auto rule = [&problems](bool holds, std::string sentence) {
    if (!holds) problems.push_back(std::move(sentence));
  };
  rule(units == 0 || (units >= 3 && units <= 2000),
       "FitOptions: units is " + std::to_string(units) + ", but must be 0 or 3 to 2000");
  rule(units == 0 || knots.empty(), "FitOptions: units and knots are both given, but one decides the other");
  rule(!train_strikes || (activation == Activation::relu && units > 0 && knots.empty()),
       "FitOptions: train_strikes needs relu units and their number, and no knots");
  rule(!train_strikes || units <= 200,
       "FitOptions: units is " + std::to_string(units) + ", but must be at most 200 with trained strikes");
  rule(!train_strikes || !loss, "FitOptions: train_strikes takes no loss");
  rule(starts >= 1 && starts <= 10000, "FitOptions: starts is " + std::to_string(starts) + ", but must be 1 to 10000");
  rule(smoothness >= 0 && std::isfinite(smoothness), "FitOptions: smoothness must be at least 0 and finite");
  rule(max_iterations > 0,
       "FitOptions: max_iterations is " + std::to_string(max_iterations) + ", but must be positive");
  rule(optimality_tolerance > 0, "FitOptions: optimality_tolerance must be positive");
  return problems;
}

Price FitResult::price(OptionType type, Strike strike) const {
  const double k = strike.value() / forward.value();
  return Price(forward.value() * (type == OptionType::call ? curve.call(k) : curve.put(k)));
}

FitResult fit_smile(std::span<const SmileQuote> quotes, Forward forward, const FitOptions& options) {
  require_fittable(quotes, forward, options);
  const std::vector<StrikeBand> bands = strike_bands(quotes, forward);
  if (options.train_strikes) {
    FitResult fit = fit_with_strikes(bands, forward, options);
    judge(quotes, fit);
    return fit;
  }
  const Smile smile = smile_of(bands, options);
  return result_of(quotes, forward, smile, solve(smile, options));
}

}  // namespace strikenet
