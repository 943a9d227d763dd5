#include "arbitrage/law_order.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace strikenet {
namespace {

using Broken = std::vector<std::pair<int, int>>;

/// Calls that fall from node to node, in whole numbers; straight in between, which the nodes here hit exactly.
struct Law {
  std::vector<int> places, calls;

  const std::vector<int>& nodes() const { return places; }
  std::vector<int> calls_at(const std::vector<int>& points) const {
    std::vector<int> result;
    for (const int k : points) {
      std::size_t j = 0;
      while (j + 1 < places.size() && places[j] < k)
        ++j;
      const int width = j == 0 ? 1 : places[j] - places[j - 1];
      result.push_back(k >= places[j] ? calls[j] : calls[j] + (calls[j - 1] - calls[j]) * (places[j] - k) / width);
    }
    return result;
  }
};

/// Half at 2 and 6 each, and half at 0 and 8 each, in halves: both of mean 4.
const Law kNarrow{{0, 2, 6}, {8, 4, 0}}, kWide{{0, 8}, {8, 0}};

Broken broken(Order order, const Law& first, const Law& second, std::size_t inequalities) {
  Broken result;
  EXPECT_EQ(compare(order, first, second, [&](int point, int gap) { result.emplace_back(point, gap); }), inequalities);
  return result;
}

TEST(LawOrder, LooksAtTheNodesOfEither) {
  EXPECT_EQ(broken(Order::after, kNarrow, kWide, 4), Broken{});
  EXPECT_EQ(broken(Order::after, kWide, kNarrow, 4), (Broken{{2, -2}, {6, -2}}));
}

TEST(LawOrder, AsksBothWaysAtOneInstant) {
  EXPECT_EQ(broken(Order::same_instant, kNarrow, kWide, 8), (Broken{{2, 2}, {6, 2}}));
  EXPECT_EQ(broken(Order::same_instant, kWide, kNarrow, 8), (Broken{{2, -2}, {6, -2}}));
  EXPECT_EQ(broken(Order::same_instant, kWide, kWide, 4), Broken{});
}

TEST(LawOrder, SeesOneLawOnNodesThatDiffer) {
  const Law with_a_node_more{{0, 2, 4, 6}, {8, 4, 2, 0}};
  EXPECT_EQ(broken(Order::same_instant, kNarrow, with_a_node_more, 8), Broken{});
}

}  // namespace
}  // namespace strikenet
