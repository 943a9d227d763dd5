#include "strikenet/market/inspection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

RawQuote quote(double strike, OptionType type, std::optional<double> bid, std::optional<double> ask,
               std::string root = {}) {
  return {.key = {"2026-12-18", std::move(root)}, .strike = strike, .type = type, .bid = bid, .ask = ask};
}

/// Calls and puts at parity with a forward of 100, half a spread of 0.5.
RawChain at_parity() {
  RawChain chain;
  for (double strike = 80; strike <= 120; strike += 5) {
    const double put = 3 + std::max(strike - 100, 0.0) + 0.01 * (strike - 80), call = put + 100 - strike;
    chain.quotes.push_back(quote(strike, OptionType::call, call - 0.5, call + 0.5));
    chain.quotes.push_back(quote(strike, OptionType::put, put - 0.5, put + 0.5));
  }
  return chain;
}

TEST(Inspect, CountsDirtyQuotesPairsAndButterflies) {
  RawChain chain = at_parity();
  Inspection clean = inspect(chain);
  EXPECT_EQ(clean.total.quotes, 18);
  EXPECT_EQ(clean.total.dirty, 0);
  EXPECT_EQ(clean.total.pairs, 9);
  EXPECT_EQ(clean.total.in_parity, 9);
  EXPECT_EQ(clean.total.butterflies, 0);
  chain.quotes[0].bid = 0;                           // no bid
  chain.quotes[2].ask = std::nullopt;                // no ask
  chain.quotes[4].bid = *chain.quotes[4].ask + 2;    // crossed, and out of parity
  chain.quotes[15].bid = *chain.quotes[15].bid + 5;  // the put at 115: a butterfly, out of parity
  chain.quotes[15].ask = *chain.quotes[15].ask + 5;
  const QuoteFacts facts = inspect(chain).total;
  EXPECT_EQ(facts.dirty, 3);
  EXPECT_EQ(facts.pairs, 7);
  EXPECT_EQ(facts.in_parity, 5);
  EXPECT_EQ(facts.butterflies, 1);
}

TEST(Inspect, TellsRootsApartAndCountsDatesOnce) {
  RawChain chain = at_parity();
  chain.quotes[3].key = {"2026-12-18", "SPX"};
  chain.quotes[5].key = {"2027-01-15"};
  const Inspection inspection = inspect(chain, "SPXW");
  ASSERT_EQ(inspection.expiries.size(), 3U);
  EXPECT_EQ(inspection.expiries[0].key, (ExpiryKey{"2026-12-18", "SPXW"}));
  EXPECT_EQ(inspection.expiries[1].key.root, "SPX");
  EXPECT_EQ(inspection.dates, 2);
}

TEST(Inspect, OfSinglePricesOrVolsCountsNeitherPairsNorButterflies) {
  RawChain chain = at_parity();
  chain.kind = QuoteKind::price;
  EXPECT_EQ(inspect(chain).total.pairs, 0);
  EXPECT_EQ(inspect(chain).quotes_of_a_spread, 0);
  EXPECT_EQ(inspect({}).total.quotes, 0);
}

TEST(Inspect, TakesTheFirstOfDuplicatesAndNoFewerThanFivePairs) {
  RawChain chain = at_parity();
  chain.quotes.push_back(quote(100, OptionType::call, 50, 51));
  EXPECT_EQ(inspect(chain).total.butterflies, 0);
  chain.quotes.resize(8);  // four pairs
  EXPECT_EQ(inspect(chain).total.pairs, 0);
}

/// A row of the README beside the market data: what its author counted without this library.
struct Row {
  std::string file;
  int quotes, expiries;
  double dirty, parity;  // shares, to the digits given; negative: not given
  int butterflies;
};

TEST(Inspect, FindsWhatWasCountedOnRealFiles) {
  constexpr double kDigits = 0.00056, kTwoDigits = 0.005001;  // tenths of a percent, rounded from hundredths
  const std::vector<Row> rows{
      {"cboe_datashop_spxw_2019-06-26/spxw20190626.csv", 10'384, 30, 0.068, 1.0, 0},
      {"wide_spxw_2025-09-03/spxw.csv", 6'072, 16, 0.057, -1, -1},
      {"iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv", 7'423, 48, 0.09, -1, 0},
      {"iv_table_spx_vix_2023-02-15/vix_implied_vol_20230215.csv", 637, 12, 0.19, -1, 0},
      {"yfinance_spx_2026-01-30/SPX_all.csv", 17'107, 59, 0.054, -1, 583},
      {"optionsdx_spy_2022-12-30/spy_20221230.csv", 7'486, 29, 0.086, 0.53, 4},
      {"deribit_btc_2025-12-05/deribit_btc_options.csv", 676, 11, 0.23, 0.995, -1},
      {"deribit_eth_2024-01-08/deribit_options.csv", 684, 11, 0.40, -1, -1},
      {"nse_banknifty_2021-05-17/option-chain-indices.json", 1'891, 12, 0.386, -1, 0},
      {"dax_2001-08/7_8_2001__filterdax.dat", 508, 6, -1, -1, -1},
  };
  for (const Row& row : rows) {
    const std::string file = "market_data/" + row.file;
    if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
    const auto raw = read_chain_file((shared_folder() / file).string());
    ASSERT_TRUE(raw) << raw.problems().lines.front();
    const Inspection found = inspect(raw.value());
    EXPECT_EQ(found.total.quotes, row.quotes) << row.file;
    EXPECT_EQ(static_cast<int>(found.expiries.size()), row.expiries) << row.file;
    const auto near = [&](double share, double given) {
      return given < 0 || std::abs(share - given) <= (std::fmod(given * 100, 1) < 1e-9 ? kTwoDigits : kDigits);
    };
    EXPECT_TRUE(near(static_cast<double>(found.total.dirty) / found.total.quotes, row.dirty))
        << row.file << ' ' << found.total.dirty;
    EXPECT_TRUE(near(static_cast<double>(found.total.in_parity) / found.total.pairs, row.parity))
        << row.file << ' ' << found.total.in_parity << " of " << found.total.pairs;
    if (row.butterflies >= 0) {
      EXPECT_EQ(found.total.butterflies, row.butterflies) << row.file;
    }
  }
}

}  // namespace
}  // namespace strikenet
