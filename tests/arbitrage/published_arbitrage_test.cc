// Published quotes and slices that hold an arbitrage: it is found, proved, and looked at again along paths.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/core/black.h"
#include "support/path_scan.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr OptionType kCall = OptionType::call;

/// Rows of fields, without comments and header.
std::vector<std::vector<std::string>> rows_of(const std::string& file) {
  std::ifstream in(shared_folder() / file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || (!std::isdigit(static_cast<unsigned char>(line[0])) && line[0] != '-')) continue;
    std::istringstream fields(line);
    std::vector<std::string>& row = rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');)
      row.push_back(field);
  }
  return rows;
}

// Spot 100, r = 13 %, q = 3 %, from 4 January 2018: the call of six months is far below that of three.
TEST(PublishedArbitrage, OfQuantLibsAndreasenHugeTestIsFoundAcrossExpiries) {
  const std::string file = "reference/ah_case_arbitrage.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  Chain chain;
  for (const auto& row : rows_of(file)) {
    const double strike = std::stod(row.at(0)), months = std::stod(row.at(1)), vol = std::stod(row.at(2));
    const double t = (months == 1 ? 31 : months == 3 ? 90 : 181) / 365.0;
    const double forward = 100 * std::exp(0.1 * t), discount = std::exp(-0.13 * t);
    const ExpiryKey key{"T=" + row.at(1), ""};
    if (chain.slices.empty() || chain.slices.back().key != key)
      chain.slices.push_back(
          {.key = key, .t = YearFraction(t), .forward = Forward(forward), .discount = DiscountFactor(discount)});
    const double price =
        discount * black_price(kCall, Forward(forward), Strike(strike), TotalVol(vol * std::sqrt(t))).value();
    chain.quotes.push_back({.line = static_cast<long>(chain.quotes.size()) + 1,
                            .key = key,
                            .strike = strike,
                            .bid = 0.999 * price,
                            .ask = 1.001 * price});
  }
  ASSERT_EQ(chain.quotes.size(), 4U);
  const auto within = find_arbitrage(chain);
  const CalendarArbitrage found = find_calendar_arbitrage(chain, within);
  const bool alone = std::ranges::any_of(within, [](const ExpiryArbitrage& one) { return !one.trades.empty(); });
  ASSERT_TRUE(alone || !found.trades.empty());
  for (const ArbitrageTrade& trade : found.trades)
    testing_support::expect_by_paths(trade);
}

// Gatheral and Jacquier (2014), example 3.1: Vogt's SVI slice has a negative density from k = 0.7 or so.
TEST(PublishedArbitrage, OfVogtsSliceIsFound) {
  const std::string file = "reference/svi_vogt_slice.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  Chain chain;
  for (const auto& row : rows_of(file)) {
    const double price = std::stod(row.at(6));
    chain.quotes.push_back({.line = static_cast<long>(chain.quotes.size()) + 1,
                            .key = {"T=1", ""},
                            .strike = std::stod(row.at(5)),
                            .bid = price - 1e-7,
                            .ask = price + 1e-7});
  }
  ASSERT_GT(chain.quotes.size(), 30U);
  const auto found = find_arbitrage(chain);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].verdict, ExpiryVerdict::arbitrage);
  ASSERT_FALSE(found[0].trades.empty());
  const auto has_negative_density = [&](const TradeLeg& leg) {
    return std::stod(rows_of(file)[static_cast<std::size_t>(leg.line - 1)].at(3)) < 0;
  };
  EXPECT_TRUE(std::ranges::any_of(found[0].trades[0].legs, has_negative_density));
}

}  // namespace
}  // namespace strikenet
