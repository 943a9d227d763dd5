#include "strikenet/optimize/loss.h"

#include <gtest/gtest.h>

namespace strikenet {
namespace {

TEST(Loss, IsReadByTheWordItIsWrittenAs) {
  for (const Loss loss : {Loss::squared, Loss::huber, Loss::soft_l1, Loss::cauchy})
    EXPECT_EQ(parse_loss(to_string(loss)), loss);
  EXPECT_EQ(to_string(Loss::soft_l1), "soft-l1");
}

TEST(Loss, IsNotReadFromAnyOtherWord) {
  for (const char* word : {"", "Huber", "huber ", "l2"})
    EXPECT_EQ(parse_loss(word), std::nullopt) << word;
}

TEST(Termination, HasAWordForEach) {
  EXPECT_EQ(to_string(Termination::optimal), "optimal");
  EXPECT_EQ(to_string(Termination::iteration_limit), "iteration-limit");
  EXPECT_EQ(to_string(Termination::stalled), "stalled");
  EXPECT_EQ(to_string(Termination::solver_failure), "solver-failure");
}

}  // namespace
}  // namespace strikenet
