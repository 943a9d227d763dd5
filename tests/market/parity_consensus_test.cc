#include "market/parity_consensus.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-9;

std::vector<ParityPair> pairs_at(const std::vector<double>& strikes, double discount, double forward, double half) {
  std::vector<ParityPair> pairs;
  for (const double strike : strikes)
    pairs.push_back({strike, discount * (forward - strike) - half, discount * (forward - strike) + half});
  return pairs;
}

int satisfied(const std::vector<ParityPair>& pairs, const ParityLine& line) {
  int count = 0;
  for (const ParityPair& pair : pairs)
    count += pair.low - kRounding <= line.at(pair.strike) && line.at(pair.strike) <= pair.high + kRounding;
  return count;
}

/// The oracle: every line through two ends of bands.
int most_of_all_lines(const std::vector<ParityPair>& pairs) {
  int most = 0;
  for (const ParityPair& a : pairs)
    for (const ParityPair& b : pairs)
      for (const double y : {a.low, a.high})
        for (const double z : {b.low, b.high}) {
          if (!(a.strike < b.strike)) continue;
          const double discount = (y - z) / (b.strike - a.strike);
          if (discount < 0.01 || discount > 2) continue;
          most = std::max(most, satisfied(pairs, {discount, a.strike + y / discount}));
        }
  return most;
}

TEST(MostAgreedParity, SatisfiesAllPairsThatAgree) {
  const auto pairs = pairs_at({80, 90, 100, 110, 120}, 0.95, 103, 0.5);
  const ParityLine line = most_agreed_parity(pairs);
  EXPECT_EQ(line.agreed, 5);
  EXPECT_EQ(satisfied(pairs, line), 5);
}

TEST(MostAgreedParity, IsNotMovedByPairsThatDoNot) {
  auto pairs = pairs_at({80, 85, 90, 95, 100, 105, 110}, 0.95, 103, 0.1);
  const auto stale = pairs_at({60, 65, 70}, 0.95, 90, 0.1);
  pairs.insert(pairs.begin(), stale.begin(), stale.end());
  const ParityLine line = most_agreed_parity(pairs);
  EXPECT_EQ(line.agreed, 7);
  EXPECT_NEAR(line.discount, 0.95, 0.2 / 15);
  EXPECT_NEAR(line.forward, 103, 0.3);
}

TEST(MostAgreedParity, SatisfiesAsManyAsAnyLineThroughTwoEnds) {
  std::mt19937_64 random(20260130);
  std::uniform_real_distribution<double> half(0.01, 0.4), noise(-0.6, 0.6);
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<ParityPair> pairs;
    for (double strike = 80; strike <= 125; strike += 5) {
      const double middle = 0.97 * (100 - strike) + noise(random), reach = half(random);
      pairs.push_back({strike, middle - reach, middle + reach});
    }
    const ParityLine line = most_agreed_parity(pairs);
    ASSERT_EQ(line.agreed, most_of_all_lines(pairs)) << "trial " << trial;
    ASSERT_EQ(satisfied(pairs, line), line.agreed) << "trial " << trial;
  }
}

TEST(MostAgreedParity, TurnsAboutSomeOfVeryManyPairs) {
  auto pairs = pairs_at({50}, 0.95, 90, 0.001);
  for (int i = 1; i < 5000; ++i) {
    const double off = i % 3 == 0 ? i % 7 : 0;
    const auto one = pairs_at({50 + i * 0.02}, 0.95, 103 + off, 0.5);
    pairs.push_back(one.front());
  }
  const ParityLine line = most_agreed_parity(pairs);
  EXPECT_GE(line.agreed, 3333);
  EXPECT_EQ(satisfied(pairs, line), line.agreed);
}

TEST(MostAgreedParity, KeepsWhatIsGiven) {
  const auto pairs = pairs_at({80, 90, 100, 110, 120}, 0.95, 103, 0.5);
  EXPECT_EQ(most_agreed_parity(pairs, 0.96).discount, 0.96);
  EXPECT_EQ(most_agreed_parity(pairs, 0.96).agreed, 5);
  EXPECT_EQ(most_agreed_parity(pairs, {}, 103.2).forward, 103.2);
  EXPECT_EQ(most_agreed_parity(pairs, {}, 103.2).agreed, 5);
  EXPECT_EQ(most_agreed_parity(pairs, 0.95, 104).agreed, 0);
  EXPECT_EQ(most_agreed_parity(pairs, 0.95, 104).forward, 104);
}

TEST(MostAgreedParity, TakesOnePairAndPairsOfOneStrike) {
  EXPECT_EQ(most_agreed_parity({{100, 1, 2}}).agreed, 1);
  EXPECT_EQ(most_agreed_parity({{100, 1, 2}, {100, 1.5, 3}, {100, 5, 6}}).agreed, 2);
  EXPECT_EQ(most_agreed_parity({{100, 3, 3}, {100, 3, 3}, {110, -7, -7}}).agreed, 3);
}

}  // namespace
}  // namespace strikenet
