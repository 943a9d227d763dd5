// The chains in market_data/ are what their READMEs say.
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "strikenet/io/read_chain.h"
#include "strikenet/market/settlement.h"
#include "strikenet/quantlib/engine_prices.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

constexpr double kStrikeRounding = 5e-6;  // five decimals in the file

std::string bundled(const std::string& file) { return std::string(STRIKENET_SOURCE_DIR) + "/market_data/" + file; }

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct Generated {
  std::string output;
  int status;
};

Generated generate(const std::string& arguments) {
  const std::string command = std::string(STRIKENET_GENERATE_CHAIN) + " " + arguments;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  std::string output;
  while (const std::size_t read = fread(buffer.data(), 1, buffer.size(), pipe))
    output.append(buffer.data(), read);
  const int status = pclose(pipe);
  return {output, WEXITSTATUS(status)};
}

RawChain read(const std::string& file) {
  const Result<RawChain> chain = read_chain_file(bundled(file));
  if (chain) return chain.value();
  for (const auto& line : chain.problems().lines)
    ADD_FAILURE() << line;
  return {};
}

// --- bates_2026 -----------------------------------------------------------------
TEST(Bates2026, IsWhatTheGeneratorWrites) {
  const Generated run = generate("");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.output, contents(bundled("bates_2026/chain.csv")));
}

TEST(Bates2026, HasEightExpiriesOfCallsAndPuts) {
  const RawChain chain = read("bates_2026/chain.csv");
  EXPECT_EQ(chain.quotes.size(), 626U);
  EXPECT_EQ(to_string(chain.as_of.value()), "2026-01-02T21:00Z");
  std::map<std::string, int> calls, puts;
  for (const RawQuote& quote : chain.quotes)
    ++(quote.type == OptionType::call ? calls : puts)[quote.key->expiry];
  EXPECT_EQ(calls.size(), 8U);
  EXPECT_EQ(calls, puts);
  for (const auto& [expiry, count] : calls)
    EXPECT_TRUE(count >= 25 && count <= 60) << expiry << " " << count;
}

bool on_tick(double price) {
  const double cents = std::round(price * 100), tick = price < 3 ? 5 : 10;
  return std::abs(price * 100 - cents) < 1e-9 && std::fmod(cents, tick) == 0;
}

TEST(Bates2026, QuotesAreOnTheTickAroundTheModelsPrice) {
  const BatesParameters model{{.v0 = 0.0225, .kappa = 2.5, .theta = 0.04, .sigma = 0.6, .rho = -0.7}, 0.4, -0.1, 0.08};
  const RawChain chain = read("bates_2026/chain.csv");
  int zero_bids = 0;
  for (const RawQuote& quote : chain.quotes) {
    const YearFraction t = year_fraction(*chain.as_of, settlement_instant("", *parse_date(quote.key->expiry)));
    const Forward forward(5000 * std::exp(0.025 * t.value()));
    const std::vector<double> strike = {quote.strike};
    const double price = std::exp(-0.04 * t.value()) * bates_prices(model, *quote.type, forward, t, strike)[0];
    EXPECT_LT(*quote.bid, *quote.ask) << "line " << quote.line;
    EXPECT_LE(*quote.bid, std::max(price, 0.0)) << "line " << quote.line;
    EXPECT_GE(*quote.ask, price) << "line " << quote.line;
    EXPECT_TRUE(on_tick(*quote.bid) && on_tick(*quote.ask)) << "line " << quote.line;
    zero_bids += *quote.bid == 0;
  }
  EXPECT_EQ(zero_bids, 75);
}

TEST(GenerateChain, TakesItsNumbersFromItsArguments) {
  const Generated run =
      generate("--expiries 2026-06-26 --most-strikes 3 --spot 100 --half-spread 0 --half-spread-per-root 0");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.output.substr(0, run.output.find('\n')), "as_of,expiry,strike,type,bid,ask");
  EXPECT_EQ(std::count(run.output.begin(), run.output.end(), '\n'), 1 + 2 * 3) << run.output;
}

TEST(GenerateChainErrors, AreOneLineAndStatusTwo) {
  for (const auto& [arguments, words] : std::map<std::string, std::string>{
           {"--as-of yesterday", "--as-of: instant is 'yesterday', but must be one like 2026-01-02T16:00-05:00\n"},
           {"--expiries 2026-02-30", "--expiries: date is '2026-02-30', but must be one like 2026-12-18\n"},
           {"--expiries 2025-12-19", "--expiries: date is '2025-12-19', but must lie after --as-of\n"},
           {"--spot 0", "--spot: number is 0, but must be positive and finite\n"},
           {"--most-strikes 0", "--most-strikes: number is 0, but must be at least 1\n"},
           {"--rho 2", "bates_prices: rho is 2, but must lie in [-1, 1]\n"}}) {
    const Generated run = generate(arguments + " 2>&1");
    EXPECT_EQ(run.output, words);
    EXPECT_EQ(run.status, 2) << arguments;
  }
  EXPECT_EQ(generate("--no-such-option 2>&1").status, 2);
  EXPECT_EQ(generate("--help").status, 0);
}

// --- sx5e_2010-03-01 ------------------------------------------------------------
TEST(Sx5e, HasAllQuotesOfThePublishedTable) {
  const RawChain chain = read("sx5e_2010-03-01/vols.csv");
  EXPECT_EQ(chain.kind, QuoteKind::vol);
  EXPECT_EQ(chain.quotes.size(), 155U);
  std::set<ExpiryKey> expiries;
  for (const RawQuote& quote : chain.quotes) {
    expiries.insert(quote.key);
    EXPECT_EQ(quote.forward, 2772.7);
    EXPECT_EQ(quote.discount, 1.0);
  }
  EXPECT_EQ(expiries.size(), 12U);
}

struct PublishedVol {
  double t, strike, vol;
};

double number(const std::string& text) {
  double value = NAN;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<PublishedVol> published_table(const std::filesystem::path& path) {
  std::vector<PublishedVol> table;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line[0] == 'e') continue;
    std::istringstream fields(line);
    std::string t, days, moneyness, strike, vol;
    for (std::string* field : {&t, &days, &moneyness, &strike, &vol})
      std::getline(fields, *field, ',');
    table.push_back({number(t), number(strike), number(vol)});
  }
  return table;
}

TEST(Sx5e, EqualsTheReferenceFigures) {
  const std::string file = "reference/andreasen_huge_sx5e.csv";
  if (!testing_support::has_shared(file)) GTEST_SKIP() << testing_support::skip_text(file);
  const auto published = published_table(testing_support::shared_folder() / file);
  const RawChain chain = read("sx5e_2010-03-01/vols.csv");
  ASSERT_EQ(chain.quotes.size(), published.size());
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_EQ(chain.quotes[i].t.value().value(), published[i].t) << "quote " << i;
    EXPECT_NEAR(chain.quotes[i].strike, published[i].strike, kStrikeRounding) << "quote " << i;
    EXPECT_EQ(chain.quotes[i].bid, published[i].vol) << "quote " << i;
    EXPECT_EQ(chain.quotes[i].ask, published[i].vol) << "quote " << i;
  }
}

}  // namespace
}  // namespace strikenet
