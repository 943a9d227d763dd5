#include "strikenet/report/explanation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "report/reference_page.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using nlohmann::json;

/// Black prices at two expiries and a flat vol of 25 %, out of the money, five per cent apart, in spreads of 0.1.
Chain small_chain() {
  Chain chain;
  long line = 2;
  for (const double t : {0.5, 1.0}) {
    const ExpiryKey key{t == 0.5 ? "T=0.5" : "T=1"};
    const int slice = static_cast<int>(chain.slices.size());
    chain.slices.push_back({key, YearFraction(t), Forward(100), DiscountFactor(0.98)});
    for (int strike = 70; strike <= 130; strike += 5) {
      const OptionType type = strike < 100 ? OptionType::put : OptionType::call;
      const double price =
          0.98 * black_price(type, Forward(100), Strike(strike), TotalVol(0.25 * std::sqrt(t))).value();
      chain.quotes.push_back({.line = line++,
                              .slice = slice,
                              .key = key,
                              .strike = static_cast<double>(strike),
                              .type = type,
                              .bid = std::max(price - 0.05, 0.0),
                              .ask = price + 0.05});
    }
  }
  return chain;
}

struct Fitted {
  SurfaceFit fit{small_chain(), {}};
  CallSurface surface{fit.result().surface};
  std::vector<AskedExpiry> expiries = {{{"T=0.5"}, YearFraction(0.5)}, {{"T=0.75"}, YearFraction(0.75)}};
  std::vector<AskedOption> options = {{0, OptionType::put, Strike(92)}, {1, OptionType::call, Strike(103)}};
};

const Fitted& fitted() {
  static const Fitted fitted;
  return fitted;
}

std::vector<Explanation> explained(std::size_t top) {
  return explain_prices(fitted().fit, fitted().surface, fitted().expiries, fitted().options, top);
}

TEST(ExplainPrices, PutsTheQuotesThatMatterMostFirst) {
  const auto all = explained(1000), three = explained(3);
  ASSERT_EQ(all.size(), 2U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    double sum = 0, shares = 0;
    for (std::size_t j = 0; j < all[i].quotes.size(); ++j) {
      const QuoteShare& share = all[i].quotes[j];
      sum += std::abs(share.sensitivity);
      shares += share.share;
      EXPECT_GE(share.share, 1e-9);
      EXPECT_LE(std::abs(share.sensitivity), std::abs(all[i].quotes[j == 0 ? 0 : j - 1].sensitivity));
    }
    constexpr double kLeftOut = 1e-7;  // below a share of 1e-9 each
    EXPECT_NEAR(all[i].sensitivity_sum, sum, kLeftOut * sum);
    EXPECT_NEAR(shares, 1, kLeftOut);
    ASSERT_EQ(three[i].quotes.size(), 3U);
    EXPECT_EQ(three[i].sensitivity_sum, all[i].sensitivity_sum) << "over all quotes, shown or not";
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_EQ(three[i].quotes[j].quote, all[i].quotes[j].quote);
  }
}

TEST(ExplainPrices, ListsTheSensitivitiesOfTheFit) {
  const std::vector<double> of_first = fitted().fit.sensitivities(Strike(92), 0);
  const auto all = explained(5);
  ASSERT_EQ(all.at(0).quotes.size(), 5U);
  for (const QuoteShare& share : all[0].quotes)
    EXPECT_NEAR(share.sensitivity, of_first[share.quote], 1e-9);
}

// A new fit moves what the derivative holds too: the priors. So this is about signs and sizes.
TEST(ExplainPrices, SaysWhereAPriceMovesWhenAQuoteDoes) {
  constexpr double kMove = 1e-4, kPriors = 0.5;
  const auto all = explained(1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const QuoteShare& largest = all[i].quotes.at(0);
    const auto price = [&](const SurfaceFit& fit) {
      const AskedOption& option = fitted().options[i];
      return CallSurface(fit.result().surface).at(fitted().expiries[option.expiry].t).price(option.type, option.strike);
    };
    Chain moved = fitted().fit.chain();
    moved.quotes[largest.quote].bid += kMove;
    moved.quotes[largest.quote].ask += kMove;
    const double change = price(fitted().fit.refit(moved)) - price(fitted().fit);
    EXPECT_NEAR(change / kMove, largest.sensitivity, kPriors * std::abs(largest.sensitivity)) << i;
  }
}

TEST(ExplainPrices, SaysTheSameOfACallAndAPut) {
  const auto found =
      explain_prices(fitted().fit, fitted().surface, fitted().expiries,
                     std::vector<AskedOption>{{1, OptionType::call, Strike(90)}, {1, OptionType::put, Strike(90)}}, 5);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(found[0].quotes.at(i).sensitivity, found[1].quotes.at(i).sensitivity);
}

TEST(ExplainPrices, HasNothingToSayOfAPriceThatIsIntrinsic) {
  const auto found =
      explain_prices(fitted().fit, fitted().surface, fitted().expiries,
                     std::vector<AskedOption>{{0, OptionType::call, Strike(0)}, {0, OptionType::call, Strike(1e9)}}, 5);
  for (const Explanation& explanation : found) {
    EXPECT_TRUE(explanation.quotes.empty());
    EXPECT_EQ(explanation.sensitivity_sum, 0);
  }
}

TEST(ExplainPrices, RefusesTimesBeyondTheLastExpiryAndExpiriesThatAreNone) {
  const std::vector<AskedExpiry> late = {{{"T=2"}, YearFraction(2)}};
  const std::vector<AskedOption> option = {{0, OptionType::call, Strike(100)}};
  EXPECT_THROW(explain_prices(fitted().fit, fitted().surface, late, option, 5), PreconditionError);
  EXPECT_THROW(explain_prices(fitted().fit, fitted().surface, {}, option, 5), PreconditionError);
}

// --- texts: of results made up by hand -------------------------------------------------------------------------------

struct ByHand {
  Chain chain = {.file = "c.csv",
                 .quotes = {{.line = 2, .slice = 0, .key = {"2026-04-04", "R"}, .strike = 95, .bid = 1, .ask = 2},
                            {.line = 7,
                             .slice = 0,
                             .key = {"2026-07-04", "A,B"},
                             .strike = 102.5,
                             .type = OptionType::put,
                             .bid = 0,
                             .ask = 0.125}}};
  OptionPrices prices = {.expiries = {{{"T=0.3"}, YearFraction(0.3), Forward(100), DiscountFactor(0.5)}},
                         .options = {price(100), price(200)}};
  std::vector<Explanation> explanations = {{{{1, -0.5, 0.75}, {0, 0.125, 0.1875}}, 2.0 / 3}, {}};
  Surface surface = {.slices = {{{"2026-04-04", "R"},
                                 YearFraction(0.25),
                                 Forward(100),
                                 DiscountFactor(0.5),
                                 CallCurve(Activation::quadratic, {0.25, 0.75, 1.25, 1.75}, {0.25, 0.5, 0.25})}}};
  CallSurface call_surface{surface};
  Certificate certificate = {};

  static OptionPrice price(double strike) {
    return {.option = {.expiry = 0,
                       .type = OptionType::call,
                       .strike = Strike(strike),
                       .moneyness = strike / 100,
                       .price = 2.5,
                       .vol = {},
                       .extrapolation = {}},
            .total_variance = {},
            .density = 0,
            .cdf = 1,
            .local_vol = {}};
  }
  ExplainedPrices explained() const { return {prices, chain, explanations}; }
  json found() const { return json::parse(explanations_json({call_surface, certificate, "calendar"}, explained())); }
};

TEST(ExplanationsCsv, HasALineForEveryQuoteOfAnOption) {
  EXPECT_EQ(explanations_csv(ByHand().explained()),
            "expiry,root,strike,type,price,row,quote_expiry,quote_root,quote_strike,quote_type,bid,ask,sensitivity,"
            "share\n"
            "T=0.3,,100,C,2.5,7,2026-07-04,\"A,B\",102.5,P,0,0.125,-0.5,0.75\n"
            "T=0.3,,100,C,2.5,2,2026-04-04,R,95,C,1,2,0.125,0.1875\n");
}

TEST(ExplanationsTable, AlignsWhatTheCsvHas) {
  EXPECT_EQ(explanations_table(ByHand().explained()),
            "expiry  strike  type  price  row  quote_expiry  quote_root  quote_strike  quote_type  bid    ask  "
            "sensitivity   share\n"
            "T=0.3      100  C       2.5    7  2026-07-04    A,B                102.5  P             0  0.125  "
            "       -0.5    0.75\n"
            "T=0.3      100  C       2.5    2  2026-04-04    R                     95  C             1      2  "
            "      0.125  0.1875\n");
}

TEST(ExplanationsJson, ListsTheQuotesOfEachOption) {
  const json found = ByHand().found();
  EXPECT_EQ(found["schema"], "strikenet.prices/1");
  EXPECT_EQ(found["chain"], "c.csv");
  EXPECT_EQ(found["options"][0]["sensitivity_sum"], 2.0 / 3);
  EXPECT_EQ(found["options"][0]["quotes"], json::parse(R"([
    {"row": 7, "expiry": "2026-07-04", "root": "A,B", "strike": 102.5, "type": "P", "bid": 0, "ask": 0.125,
     "sensitivity": -0.5, "share": 0.75},
    {"row": 2, "expiry": "2026-04-04", "root": "R", "strike": 95, "type": "C", "bid": 1, "ask": 2,
     "sensitivity": 0.125, "share": 0.1875}])"));
  EXPECT_EQ(found["options"][1]["quotes"], json::array());
}

std::set<std::string> fields_of(const json& object) {
  std::set<std::string> fields;
  for (const auto& [key, value] : object.items())
    fields.insert(key);
  return fields;
}

TEST(ExplanationsJson, HasTheFieldsOfItsReferencePageAndNoOthers) {
  using testing_support::documented_fields;
  const ByHand by_hand;
  const json found = by_hand.found();
  const json without =
      json::parse(prices_json({by_hand.call_surface, by_hand.certificate, "calendar"}, by_hand.prices));
  auto added = fields_of(found), added_to_option = fields_of(found["options"][0]);
  for (const std::string& field : fields_of(without))
    added.erase(field);
  for (const std::string& field : fields_of(without["options"][0]))
    added_to_option.erase(field);
  added.merge(added_to_option);
  EXPECT_EQ(added, documented_fields("prices.md", "## JSON of price --explain"));
}

TEST(ExplanationsCsv, HasTheColumnsOfItsReferencePageAndNoOthers) {
  const std::string csv = explanations_csv(ByHand().explained());
  std::set<std::string> columns;
  for (std::size_t begin = 0, end = 0; end < csv.find('\n'); begin = end + 1) {
    end = std::min(csv.find(',', begin), csv.find('\n'));
    columns.insert(csv.substr(begin, end - begin));
  }
  EXPECT_EQ(columns, testing_support::documented_fields("prices.md", "## Columns of price --explain"));
}

}  // namespace
}  // namespace strikenet
