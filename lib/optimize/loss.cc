#include "strikenet/optimize/loss.h"

namespace strikenet {

std::string_view to_string(Loss loss) {
  switch (loss) {
    case Loss::squared: return "squared";
    case Loss::huber: return "huber";
    case Loss::soft_l1: return "soft-l1";
    case Loss::cauchy: return "cauchy";
  }
  return "?";
}

std::optional<Loss> parse_loss(std::string_view text) {
  for (const Loss loss : {Loss::squared, Loss::huber, Loss::soft_l1, Loss::cauchy})
    if (to_string(loss) == text) return loss;
  return std::nullopt;
}

std::string_view to_string(Termination termination) {
  switch (termination) {
    case Termination::optimal: return "optimal";
    case Termination::iteration_limit: return "iteration-limit";
    case Termination::stalled: return "stalled";
    case Termination::solver_failure: return "solver-failure";
  }
  return "?";
}

}  // namespace strikenet
