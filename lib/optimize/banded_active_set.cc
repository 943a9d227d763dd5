#include "banded_active_set.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "banded_face_system.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kOver = 1e-11;       // over a bound, in its unit
constexpr double kWrongSign = 1e-11;  // of the largest multiplier, or of 1
constexpr int kPatience = 5;          // changes without fewer wrong sides
constexpr int kNewton = 6, kNewtonSquares = 2;
constexpr double kStill = 1e-13;         // change of an unknown
constexpr double kLeastCurvature = 0.1;  // of the squared slope

using State = BandedSideState;

class ActiveSet {
 public:
  ActiveSet(const BandedProgram& program, const BandedSolution& guess, const ActiveSetLimits& limits)
      : program_(program), limits_(limits), guess_(guess), x_(guess.x), sides_(sides_of(program)) {
    for (const BandedSide& side : sides_)
      states_.push_back(state_of(program, side, guess));
    multipliers_ = VectorXd::Zero(static_cast<Index>(sides_.size()));
  }

  ActiveSetSolution run() {
    ActiveSetSolution result{.solution = guess_};
    std::size_t fewest = sides_.size() + 1;
    for (int patience = kPatience; patience > 0 && result.faces < limits_.faces;) {
      ++result.faces;
      if (!solve_face()) return result;
      const auto wrong = wrong_sides();
      if (wrong.empty()) {
        result.optimal = true;
        result.solution = solution();
        return result;
      }
      patience = wrong.size() < fewest ? kPatience : patience - 1;
      fewest = std::min(fewest, wrong.size());
      for (const auto& [side, state] : wrong)
        states_[side] = state;
    }
    return result;
  }

 private:
  /// The squares at x, and the residuals that give their gradients.
  void linearise(std::vector<VectorXd>& squares, std::vector<VectorXd>& residuals) const {
    for (std::size_t b = 0; b < program_.blocks.size(); ++b) {
      const std::vector<BandedRow>& rows = program_.blocks[b].rows;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto at = static_cast<Index>(r);
        const double value = value_of(rows[r], x_[b]);
        squares[b](at) = rows[r].square;
        residuals[b](at) = value - rows[r].target;
        if (rows[r].tag < 0 || !limits_.bend || rows[r].square == 0) continue;
        const Bent bent = limits_.bend(b, rows[r].tag, value);
        const double slopes = bent.slope * bent.slope,
                     square = std::max(slopes + bent.residual * bent.curvature, kLeastCurvature * slopes);
        squares[b](at) *= square;
        residuals[b](at) = bent.residual * bent.slope / square;
      }
    }
  }

  bool solve_face() {
    std::vector<BandedSide> held;
    std::vector<std::size_t> index;
    for (std::size_t s = 0; s < sides_.size(); ++s)
      if (states_[s] == State::held) {
        held.push_back(sides_[s]);
        index.push_back(s);
      }
    std::vector<VectorXd> squares, residuals;
    for (const BandedBlock& block : program_.blocks) {
      squares.emplace_back(static_cast<Index>(block.rows.size()));
      residuals.emplace_back(static_cast<Index>(block.rows.size()));
    }
    linearise(squares, residuals);
    const BandedFaceSystem system(program_, squares, std::move(held));
    if (!system.regular()) return false;
    for (int turn = 0; turn < (limits_.bend ? kNewton : kNewtonSquares); ++turn) {
      BandedFaceSystem::Right right = system.zero();
      if (turn > 0) {
        std::vector<VectorXd> now = squares;
        linearise(now, residuals);
        for (std::size_t b = 0; b < now.size(); ++b)  // the factorised squares stay, the gradients are new
          for (Index r = 0; r < now[b].size(); ++r)
            if (squares[b](r) != 0) residuals[b](r) *= now[b](r) / squares[b](r);
      }
      right.residuals = residuals;
      for (std::size_t s = 0; s < sides_.size(); ++s)
        if (states_[s] == State::paid) pay(sides_[s], right.function);
      for (Index e = 0; e < right.targets.size(); ++e)
        right.targets(e) = -slack_of(program_, sides_[index[static_cast<std::size_t>(e)]], x_);
      const BandedFaceSystem::Solution step = system.solve(right);
      double largest = 0;
      for (std::size_t b = 0; b < x_.size(); ++b) {
        if (!step.u[b].allFinite()) return false;
        x_[b] += step.u[b];
        largest = std::max(largest, step.u[b].cwiseAbs().maxCoeff());
      }
      multipliers_.setZero();
      for (Index e = 0; e < right.targets.size(); ++e)
        multipliers_(static_cast<Index>(index[static_cast<std::size_t>(e)])) = step.multipliers(e);
      if (largest < kStill) break;
    }
    return true;
  }

  void pay(const BandedSide& side, std::vector<VectorXd>& function) const {
    const BandedRow& row = program_.blocks[side.block].rows[static_cast<std::size_t>(side.row)];
    VectorXd& own = function[side.block];
    for (std::size_t k = 0; k < BandedRow::kBand; ++k)
      if (row.coefficients[k] != 0)
        own(row.first + static_cast<Index>(k)) += side.sign * row.price * row.coefficients[k];
    own(own.size() - 1) += side.sign * row.price * row.border;
  }

  /// And where they belong.
  std::vector<std::pair<std::size_t, State>> wrong_sides() const {
    const double wrong_sign = kWrongSign * std::max(1.0, multipliers_.cwiseAbs().maxCoeff());
    std::vector<std::pair<std::size_t, State>> wrong;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const double slack = slack_of(program_, sides_[s], x_), multiplier = multipliers_(static_cast<Index>(s));
      if (states_[s] == State::free && slack < -kOver) wrong.emplace_back(s, State::held);
      if (states_[s] == State::paid && slack > kOver) wrong.emplace_back(s, State::held);
      if (states_[s] != State::held) continue;
      if (multiplier < -wrong_sign) wrong.emplace_back(s, State::free);
      if (multiplier > price_of(program_, sides_[s]) + wrong_sign) wrong.emplace_back(s, State::paid);
    }
    return wrong;
  }

  BandedSolution solution() const {
    BandedSolution result = guess_;
    result.x = x_;
    for (std::size_t s = 0; s < sides_.size(); ++s)
      multiplier_of(sides_[s], result) = states_[s] == State::paid ? price_of(program_, sides_[s])
                                                                   : std::max(multipliers_(static_cast<Index>(s)), 0.0);
    return result;
  }

  const BandedProgram& program_;
  const ActiveSetLimits& limits_;
  const BandedSolution& guess_;
  std::vector<VectorXd> x_;
  std::vector<BandedSide> sides_;
  std::vector<State> states_;
  VectorXd multipliers_;
};

}  // namespace

ActiveSetSolution minimise_by_active_set(const BandedProgram& program, const BandedSolution& guess,
                                         const ActiveSetLimits& limits) {
  return ActiveSet(program, guess, limits).run();
}

}  // namespace strikenet
