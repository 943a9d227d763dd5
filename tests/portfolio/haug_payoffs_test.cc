// Haug's European, digital and gap values, each priced as a book of calls.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "strikenet/payoff/textbook.h"
#include "strikenet/portfolio/portfolio_greeks.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

const std::string kFile = "reference/haug_european_digital.csv";

struct HaugRow {
  std::string payoff;
  double strike, second, spot, q, r, t, vol, value, tolerance;
};

/// The European rows; American digitals pay at a time of their own and are no book of European options.
std::vector<HaugRow> rows() {
  std::ifstream file(testing_support::shared_folder() / kFile);
  std::vector<HaugRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.find("european") == std::string::npos || line.starts_with("#")) continue;
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');)
      cells.push_back(cell);
    const auto number = [&](std::size_t i) { return cells[i].empty() ? 0 : std::stod(cells[i]); };
    rows.push_back(
        {cells[0], number(1), number(2), number(3), number(4), number(5), number(6), number(7), number(8), number(9)});
  }
  return rows;
}

PiecewiseLinear payoff_of(const HaugRow& row) {
  const Strike strike(row.strike);
  if (row.payoff == "european_call") return call(strike);
  if (row.payoff == "european_put") return put(strike);
  if (row.payoff == "cash_or_nothing_european_put") return digital_put(strike, row.second);
  if (row.payoff == "asset_or_nothing_european_put") return -1.0 * gap_put(strike, Strike(0));
  return gap_call(strike, Strike(row.second));  // gap_european(K2=57)_call
}

/// Discounted, under Black.
double price(const PiecewiseLinear& payoff, const HaugRow& row) {
  const Forward forward(row.spot * std::exp((row.r - row.q) * row.t));
  return std::exp(-row.r * row.t) *
         portfolio_greeks(to_calls(payoff), forward, YearFraction(row.t), Vol(row.vol)).price;
}

/// P(low < S < high) under Black, by the normal law of the log.
double probability(double low, double high, const HaugRow& row) {
  const double s = row.vol * std::sqrt(row.t), mean = std::log(row.spot) + (row.r - row.q) * row.t - s * s / 2;
  const auto below = [&](double k) { return std::erfc((mean - std::log(k)) / s / std::numbers::sqrt2) / 2; };
  return below(high) - below(low);
}

TEST(HaugPayoffs, AsBooksOfCallsHaveTheirPublishedValues) {
  if (!testing_support::has_shared(kFile)) GTEST_SKIP() << testing_support::skip_text(kFile);
  const auto all = rows();
  int without_jumps = 0;
  for (const HaugRow& row : all) {
    const PiecewiseLinear payoff = payoff_of(row);
    if (payoff.jumps() != 0) continue;
    ++without_jumps;
    EXPECT_NEAR(price(payoff, row), row.value, row.tolerance) << row.payoff << ' ' << row.strike;
  }
  EXPECT_EQ(without_jumps, 43);
  EXPECT_EQ(all.size(), 46U);
}

// From above, from below and between: the published value lies within the two, whose distance is within the bound,
// which falls in proportion to the width.
TEST(HaugPayoffs, DigitalsAreTheLimitOfCallSpreadsWithinTheBound) {
  if (!testing_support::has_shared(kFile)) GTEST_SKIP() << testing_support::skip_text(kFile);
  int with_jumps = 0;
  for (const HaugRow& row : rows()) {
    const PiecewiseLinear payoff = payoff_of(row);
    if (payoff.jumps() == 0) continue;
    ++with_jumps;
    double last_bound = 1e9;
    for (const double width : {1e-2, 1e-4, 1e-6}) {
      const double above = price(call_spreads(payoff, width, Side::above), row),
                   below = price(call_spreads(payoff, width, Side::below), row),
                   nearest = price(call_spreads(payoff, width, Side::nearest), row);
      const double bound = std::exp(-row.r * row.t) * payoff.jumps() *
                           probability(row.strike * (1 - width), row.strike * (1 + width), row);
      constexpr double kRounding = 1e-7;  // of the legs, over the width
      EXPECT_GE(above, row.value - row.tolerance) << row.payoff;
      EXPECT_LE(below, row.value + row.tolerance);
      EXPECT_LE(above - below, bound + kRounding);
      EXPECT_GE(above, nearest - kRounding);
      EXPECT_LE(below, nearest + kRounding);
      EXPECT_LT(bound, last_bound / 50);
      last_bound = bound;
      EXPECT_NEAR(nearest, row.value, row.tolerance + bound) << row.payoff;
    }
  }
  EXPECT_EQ(with_jumps, 3);
}

}  // namespace
}  // namespace strikenet
