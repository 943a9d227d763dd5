#include "market/valid_chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/arbitrage/repair.h"
#include "strikenet/fitting/fit_surface.h"

namespace strikenet {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

Chain two_slices() {
  Chain chain;
  for (const double t : {0.25, 0.5}) {
    const ExpiryKey key{"T=" + std::to_string(t)};
    for (const double strike : {90.0, 100.0, 110.0})
      chain.quotes.push_back({.slice = static_cast<int>(chain.slices.size()),
                              .key = key,
                              .strike = strike,
                              .bid = 110.5 - strike,
                              .ask = 111.5 - strike});
    chain.slices.push_back({key, YearFraction(t), Forward(100), DiscountFactor(1), {}});
  }
  return chain;
}

template <class Change>
std::string words_of(Change change) {
  Chain chain = two_slices();
  change(chain);
  try {
    require_valid(chain);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "";
}

TEST(ValidChain, IsOneThatKeepsItsRules) {
  EXPECT_EQ(words_of([](Chain&) {}), "");
  EXPECT_EQ(words_of([](Chain& c) { c = {}; }), "");
  EXPECT_EQ(words_of([](Chain& c) { c.slices[0].t = c.slices[1].t; }), "");  // two roots at one instant
  EXPECT_EQ(words_of([](Chain& c) {                                          // crossed, and so not used
              c.quotes[1].bid = 99;
              c.quotes[1].dropped = Drop::crossed;
            }),
            "");
  EXPECT_EQ(words_of([](Chain& c) {  // without an expiry
              c.quotes[1].slice = -1;
              c.quotes[1].dropped = Drop::thin;
            }),
            "");
}

TEST(ValidChain, SaysWhichRuleIsBroken) {
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].slice = 7; }),
            "Chain: slice of quote 2 is 7, but must be -1 or less than the number of slices");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].slice = -2; }),
            "Chain: slice of quote 2 is -2, but must be -1 or less than the number of slices");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].slice = 1; }),
            "Chain: slice of quote 2 is 1, but must be that of its expiry and root");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].strike = kNan; }),
            "Chain: strike of quote 2 is nan, but must be positive and finite");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].strike = -90; }),
            "Chain: strike of quote 2 is -90, but must be positive and finite");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].bid = kNan; }), "Chain: bid of quote 2 is nan, but must be finite");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].ask = kInfinity; }),
            "Chain: ask of quote 2 is inf, but must be finite");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].bid = -1; }),
            "Chain: bid of quote 2 is -1, but must be at least 0 where the quote is used");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].bid = c.quotes[2].ask = 0; }),
            "Chain: ask of quote 2 is 0, but must be above 0 where the quote is used");
  EXPECT_EQ(words_of([](Chain& c) { c.quotes[2].bid = 99; }), "");  // a trade
  EXPECT_EQ(words_of([](Chain& c) { c.slices[1].forward = Forward(kNan); }),
            "Chain: forward of slice T=0.500000 is nan, but must be positive and finite");
  EXPECT_EQ(words_of([](Chain& c) { c.slices[1].discount = DiscountFactor(0); }),
            "Chain: discount factor of slice T=0.500000 is 0, but must be positive and finite");
  EXPECT_EQ(words_of([](Chain& c) { c.slices[1].t = YearFraction(0.125); }),
            "Chain: t of slice T=0.500000 is 0.125, but must not be before that of the slice before it");
  EXPECT_EQ(words_of([](Chain& c) { c.slices[1].key = c.slices[0].key; }),
            "Chain: number of slice T=0.250000 is 2, but must be 1");
}

TEST(ValidChain, IsWhatFitsAndSearchesAskFor) {
  for (const double strike : {kNan, kInfinity, -90.0}) {
    Chain chain = two_slices();
    chain.quotes[2].strike = strike;
    EXPECT_THROW(static_cast<void>(fit_surface(chain, {})), PreconditionError) << strike;
    EXPECT_THROW(static_cast<void>(find_arbitrage(chain)), PreconditionError) << strike;
    EXPECT_THROW(static_cast<void>(find_calendar_arbitrage(chain, {})), PreconditionError) << strike;
    EXPECT_THROW(static_cast<void>(repair(chain)), PreconditionError) << strike;
  }
}

TEST(ValidChain, HasASliceForEveryQuoteThatAFitUses) {
  Chain chain = two_slices();
  chain.quotes[2].slice = -1;
  EXPECT_THROW(static_cast<void>(fit_surface(chain, {})), PreconditionError);
}

TEST(ValidChain, MayHaveABidAboveItsAskForASearchButNotForAFit) {
  Chain chain = two_slices();
  chain.quotes[2].bid = chain.quotes[2].ask + 1;
  EXPECT_NO_THROW(static_cast<void>(find_arbitrage(chain)));
  EXPECT_THROW(static_cast<void>(fit_surface(chain, {})), PreconditionError);
}

}  // namespace
}  // namespace strikenet
