// strikenet-generate-chain: writes an option chain with bid, ask and tick size to stdout, in the generic format.
//
// The prices are those of a Bates model by QuantLib's engine, so one law per expiry lies inside every bid and ask, and
// the chain holds no arbitrage. Nothing is random: the same arguments give the same bytes. The defaults give
// market_data/bates_2026/chain.csv.
// Exit status: 0 done, 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "strikenet/core/instant.h"
#include "strikenet/core/result.h"
#include "strikenet/market/settlement.h"
#include "strikenet/quantlib/engine_prices.h"

namespace {

using namespace strikenet;

struct Arguments {
  std::string as_of = "2026-01-02T16:00-05:00";
  std::vector<std::string> expiries = {"2026-01-09", "2026-01-23", "2026-02-20", "2026-04-17",
                                       "2026-06-26", "2026-09-18", "2026-12-18", "2027-12-17"};
  double spot = 5000, rate = 0.04, dividend_yield = 0.015;
  BatesParameters model{{.v0 = 0.0225, .kappa = 2.5, .theta = 0.04, .sigma = 0.6, .rho = -0.7}, 0.4, -0.1, 0.08};
  double wing_vol = 0.2, below = 6, above = 3.5;
  int most_strikes = 60;
  double half_spread = 0.04, half_spread_per_root = 0.05;
};

void declare(CLI::App& app, Arguments& a) {
  app.option_defaults()->always_capture_default();
  app.add_option("--as-of", a.as_of, "when the chain is quoted, with the offset from UTC");
  app.add_option("--expiries", a.expiries, "dates; options settle at 16:00 New York")->delimiter(',');
  app.add_option("--spot", a.spot, "underlying, currency");
  app.add_option("--rate", a.rate, "continuously compounded, per year");
  app.add_option("--dividend-yield", a.dividend_yield, "continuously compounded, per year");
  app.add_option("--v0", a.model.heston.v0, "variance today, per year");
  app.add_option("--kappa", a.model.heston.kappa, "speed of mean reversion, per year");
  app.add_option("--theta", a.model.heston.theta, "long-run variance, per year");
  app.add_option("--sigma", a.model.heston.sigma, "vol of variance, per year");
  app.add_option("--rho", a.model.heston.rho, "correlation of spot and variance");
  app.add_option("--lambda", a.model.lambda, "jumps per year");
  app.add_option("--jump-mean", a.model.jump_mean, "mean of the log of a jump");
  app.add_option("--jump-sd", a.model.jump_sd, "standard deviation of the log of a jump");
  app.add_option("--wing-vol", a.wing_vol, "vol that measures how far the strikes reach");
  app.add_option("--below", a.below, "lowest strike, in standard deviations below the forward");
  app.add_option("--above", a.above, "highest strike, in standard deviations above the forward");
  app.add_option("--most-strikes", a.most_strikes, "per expiry; sets the distance between strikes");
  app.add_option("--half-spread", a.half_spread, "currency, of an option that is worth nothing");
  app.add_option("--half-spread-per-root", a.half_spread_per_root, "more, per square root of the price");
}

// Multiples of 1, 2 or 5 times a power of ten, of the smallest for which there are not too many.
std::vector<double> strikes_between(double low, double high, int most) {
  for (double power = 1;; power *= 10) {
    for (const double step : {power, 2 * power, 5 * power}) {
      const double first = std::ceil(std::max(low / step, 1.0)), last = std::floor(high / step);
      if (last - first >= most) continue;
      std::vector<double> strikes;
      for (double i = first; i <= last; ++i)
        strikes.push_back(i * step);
      return strikes;
    }
  }
}

// Prices are multiples of 0.05 below 3 and of 0.10 from there on. Both count nickels.
long bid_nickels(double price) {
  const double at_least_zero = std::max(price, 0.0);
  return std::lround(at_least_zero < 3 ? std::floor(at_least_zero * 20) : 2 * std::floor(at_least_zero * 10));
}

long ask_nickels(double price) {
  const double at_least_tick = std::max(price, 0.05);
  return std::lround(at_least_tick <= 3 ? std::ceil(at_least_tick * 20) : 2 * std::ceil(at_least_tick * 10));
}

std::string money(long nickels) { return fmt::format("{}.{:02}", nickels / 20, nickels % 20 * 5); }

std::string row(const Arguments& a, const std::string& expiry, double strike, OptionType type, double price) {
  const double half = a.half_spread + a.half_spread_per_root * std::sqrt(std::max(price, 0.0));
  return fmt::format("{},{},{:.0f},{},{},{}\n", a.as_of, expiry, strike, letter(type), money(bid_nickels(price - half)),
                     money(ask_nickels(price + half)));
}

YearFraction time_to(const std::string& expiry, Instant as_of) {
  const auto date = parse_date(expiry);
  if (!date) throw PreconditionError("--expiries: date is '" + expiry + "', but must be one like 2026-12-18");
  const YearFraction t = year_fraction(as_of, settlement_instant("", *date));
  if (t.value() > 0) return t;
  throw PreconditionError("--expiries: date is '" + expiry + "', but must lie after --as-of");
}

std::string rows_of_expiry(const Arguments& a, Instant as_of, const std::string& expiry) {
  const YearFraction t = time_to(expiry, as_of);
  const Forward forward(a.spot * std::exp((a.rate - a.dividend_yield) * t.value()));
  const double discount = std::exp(-a.rate * t.value()), sd = a.wing_vol * std::sqrt(t.value());
  const auto strikes = strikes_between(forward.value() * std::exp(-a.below * sd),
                                       forward.value() * std::exp(a.above * sd), a.most_strikes);
  std::string rows;
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    const auto prices = bates_prices(a.model, type, forward, t, strikes);
    for (std::size_t i = 0; i < strikes.size(); ++i)
      rows += row(a, expiry, strikes[i], type, discount * prices[i]);
  }
  return rows;
}

// The model's parameters are checked where it is priced.
void check(const Arguments& a) {
  const auto number = [](bool holds, const char* option, double got, const char* rule) {
    require(holds, option, "number", got, rule);
  };
  number(a.spot > 0 && std::isfinite(a.spot), "--spot", a.spot, "must be positive and finite");
  number(std::abs(a.rate) <= 1, "--rate", a.rate, "must lie in [-1, 1]");
  number(std::abs(a.dividend_yield) <= 1, "--dividend-yield", a.dividend_yield, "must lie in [-1, 1]");
  number(a.wing_vol > 0 && a.wing_vol <= 10, "--wing-vol", a.wing_vol, "must lie in (0, 10]");
  number(a.below >= 0 && a.below <= 20, "--below", a.below, "must lie in [0, 20]");
  number(a.above >= 0 && a.above <= 20, "--above", a.above, "must lie in [0, 20]");
  number(a.most_strikes >= 1, "--most-strikes", a.most_strikes, "must be at least 1");
  number(a.half_spread >= 0 && a.half_spread <= a.spot, "--half-spread", a.half_spread, "must lie in [0, spot]");
  number(a.half_spread_per_root >= 0 && a.half_spread_per_root <= a.spot, "--half-spread-per-root",
         a.half_spread_per_root, "must lie in [0, spot]");
}

std::string chain(const Arguments& a) {
  check(a);
  const auto as_of = parse_instant(a.as_of);
  if (!as_of)
    throw PreconditionError("--as-of: instant is '" + a.as_of + "', but must be one like 2026-01-02T16:00-05:00");
  std::string text = "as_of,expiry,strike,type,bid,ask\n";
  for (const std::string& expiry : a.expiries)
    text += rows_of_expiry(a, *as_of, expiry);
  return text;
}

}  // namespace

int main(int argc, char** argv) try {
  Arguments arguments;
  CLI::App app("Writes an option chain of a Bates model, with bid, ask and tick size, to stdout.",
               "strikenet-generate-chain");
  declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::fputs(chain(arguments).c_str(), stdout);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
