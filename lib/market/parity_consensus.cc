#include "market/parity_consensus.h"

#include <algorithm>
#include <utility>

namespace strikenet {
namespace {

constexpr double kSmallestDiscount = 0.01, kLargestDiscount = 2, kRounding = 1e-12;
constexpr std::size_t kMostPairs = 1000;  // turned about: more than any expiry lists

/// A line turned about a point enters the band of a pair at one discount factor and leaves it at another.
struct Turn {
  double discount;
  bool leaves;

  friend bool operator<(const Turn& a, const Turn& b) {
    return std::pair(a.discount, a.leaves) < std::pair(b.discount, b.leaves);
  }
};

/// The best line through (strike, value) with a discount factor in [least, most].
ParityLine best_through(const std::vector<ParityPair>& pairs, double strike, double value, double least, double most,
                        std::vector<Turn>& turns) {
  turns.clear();
  int agreed = 0;
  for (const ParityPair& pair : pairs) {
    const double distance = strike - pair.strike;
    if (distance == 0) {
      agreed += pair.low <= value && value <= pair.high;
      continue;
    }
    double enters = (pair.low - value) / distance, leaves = (pair.high - value) / distance;
    if (enters > leaves) std::swap(enters, leaves);
    enters = std::max(enters * (1 - kRounding), least);
    leaves = std::min(leaves * (1 + kRounding), most);
    if (enters > leaves) continue;
    turns.push_back({enters, false});
    turns.push_back({leaves, true});
  }
  std::sort(turns.begin(), turns.end());
  const double start = std::clamp(1.0, least, most);
  ParityLine best{start, strike + value / start, agreed};
  for (std::size_t i = 0; i < turns.size(); ++i) {
    agreed += turns[i].leaves ? -1 : 1;
    if (agreed <= best.agreed) continue;
    const double discount = (turns[i].discount + turns[i + 1].discount) / 2;  // one that leaves always follows
    best = {discount, strike + value / discount, agreed};
  }
  return best;
}

}  // namespace

ParityLine most_agreed_parity(const std::vector<ParityPair>& pairs, std::optional<double> discount,
                              std::optional<double> forward) {
  const double least = discount.value_or(kSmallestDiscount), most = discount.value_or(kLargestDiscount);
  std::vector<Turn> turns;
  if (forward) return best_through(pairs, *forward, 0, least, most, turns);
  ParityLine best{std::clamp(1.0, least, most), pairs.front().strike, 0};
  const std::size_t step = (pairs.size() + kMostPairs - 1) / kMostPairs;
  for (std::size_t i = 0; i < pairs.size(); i += step)
    for (const double end : {pairs[i].low, pairs[i].high}) {
      const ParityLine line = best_through(pairs, pairs[i].strike, end, least, most, turns);
      if (line.forward > 0 && line.agreed > best.agreed) best = line;
    }
  return best;
}

}  // namespace strikenet
