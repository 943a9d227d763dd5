#include "core/parallel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace strikenet {
namespace {

TEST(InParallel, DoesEveryPieceOfWorkOnce) {
  for (const int threads : {1, 2, 7}) {
    std::vector<int> done(100, 0);
    in_parallel(done.size(), threads, [&](std::size_t i) { ++done[i]; });
    EXPECT_EQ(done, std::vector<int>(100, 1)) << threads;
  }
}

TEST(InParallel, DoesNothingWhereThereIsNothingToDo) {
  in_parallel(0, 3, [](std::size_t) { FAIL(); });
}

TEST(InParallel, PassesOnWhatTheWorkThrows) {
  for (const int threads : {1, 3})
    EXPECT_THROW(in_parallel(10, threads,
                             [](std::size_t i) {
                               if (i == 4) throw std::runtime_error("four");
                             }),
                 std::runtime_error)
        << threads;
}

}  // namespace
}  // namespace strikenet
