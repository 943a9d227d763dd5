#include "banded_active_set.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "banded_face_system.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kOver = 1e-12;       // over a bound: in the unknowns, and at least ten times that in its unit
constexpr double kWrongSign = 1e-11;  // of the largest multiplier, or of 1
constexpr double kGive = 1e-7;        // so that nearly dependent sides keep multipliers near those they start from
constexpr double kSharp = 1e-14;      // then, equalities as exact as they can be
constexpr int kSharpFaces = 6;
constexpr int kPatience = 3;  // changes without fewer wrong sides
constexpr int kHalving = 8;   // faces in which wrong sides have to become half as many
constexpr int kNewton = 6, kNewtonSquares = 2;
constexpr double kStill = 1e-13, kStillBent = 1e-6;  // change of an unknown; of a bent row
constexpr double kLeastCurvature = 0.1;              // of the squared slope

using State = BandedSideState;

class ActiveSet {
 public:
  ActiveSet(const BandedProgram& program, const BandedSolution& guess, const ActiveSetLimits& limits)
      : program_(program), limits_(limits), guess_(guess), x_(guess.x), sides_(sides_of(program)) {
    for (const BandedSide& side : sides_)
      states_.push_back(state_of(program, side, guess));
    multipliers_ = VectorXd::Zero(static_cast<Index>(sides_.size()));
    for (std::size_t s = 0; s < sides_.size(); ++s)
      set(s, states_[s], multiplier_of(sides_[s], guess));
  }

  ActiveSetSolution run() {
    ActiveSetSolution result{.solution = guess_};
    if (!arrive(kGive, limits_.faces, result)) return result;
    result.optimal = true;
    result.solution = solution();
    if (arrive(kSharp, kSharpFaces, result)) result.solution = solution();
    return result;
  }

 private:
  /// Solves faces, changing what is wrong, until nothing is.
  bool arrive(double give, int faces, ActiveSetSolution& result) {
    std::size_t fewest = sides_.size() + 1, wrong_before = fewest;
    int patience = kPatience;
    for (int face = 0; face < faces; ++face) {
      ++result.faces;
      if (!solve_face(give)) return false;
      std::vector<Change> wrong = wrong_sides();
      if (wrong.empty() && still_) return true;
      if (wrong.empty()) continue;  // the same face, bent residuals linearised where it led
      if (face % kHalving == 0 && 2 * wrong.size() > std::exchange(wrong_before, wrong.size())) return false;
      patience = wrong.size() < fewest ? kPatience : patience - 1;
      fewest = std::min(fewest, wrong.size());
      if (patience <= 0) only_the_worst(wrong);
      for (const auto& [side, state] : wrong)
        set(side, state, std::clamp(multipliers_(static_cast<Index>(side)), 0.0, price_of(program_, sides_[side])));
    }
    return false;
  }

  using Change = std::pair<std::size_t, State>;

  /// The multiplier is where a held side starts from: of all that would do, where sides depend on each other, those
  /// found are the nearest.
  void set(std::size_t side, State state, double multiplier) {
    states_[side] = state;
    multipliers_(static_cast<Index>(side)) = state == State::held   ? multiplier
                                             : state == State::paid ? price_of(program_, sides_[side])
                                                                    : 0;
  }

  /// What is crossed; where nothing is, the multipliers that are nearly as wrong as the worst. Of equalities that
  /// depend on each other some have multipliers of the wrong sign until the others are gone.
  void only_the_worst(std::vector<Change>& wrong) const {
    const auto held = [&](const Change& change) { return states_[change.first] == State::held; };
    if (!std::ranges::all_of(wrong, held)) {
      std::erase_if(wrong, held);
      return;
    }
    const auto wrongness = [&](const Change& change) {
      const double multiplier = multipliers_(static_cast<Index>(change.first));
      return std::max(-multiplier, multiplier - price_of(program_, sides_[change.first]));
    };
    double worst = 0;
    for (const Change& change : wrong)
      worst = std::max(worst, wrongness(change));
    std::erase_if(wrong, [&](const Change& change) { return wrongness(change) < worst / 2; });
  }

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

  bool solve_face(double give) {
    auto [held, index] = held_of(sides_, states_);
    std::vector<VectorXd> squares, residuals;
    for (const BandedBlock& block : program_.blocks) {
      squares.emplace_back(static_cast<Index>(block.rows.size()));
      residuals.emplace_back(static_cast<Index>(block.rows.size()));
    }
    linearise(squares, residuals);
    const BandedFaceSystem system(program_, squares, std::move(held), give);
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
        if (states_[s] != State::free) pull(sides_[s], multipliers_(static_cast<Index>(s)), right.function);
      for (Index e = 0; e < right.targets.size(); ++e)
        right.targets(e) = -slack_of(program_, sides_[index[static_cast<std::size_t>(e)]], x_);
      const BandedFaceSystem::Solution step = system.solve(right);
      double largest = 0;
      for (std::size_t b = 0; b < x_.size(); ++b) {
        if (!step.u[b].allFinite()) return false;
        x_[b] += step.u[b];
        largest = std::max(largest, step.u[b].cwiseAbs().maxCoeff());
      }
      for (Index e = 0; e < right.targets.size(); ++e)
        multipliers_(static_cast<Index>(index[static_cast<std::size_t>(e)])) += step.multipliers(e);
      still_ = !limits_.bend || largest_bent(step.u) < kStillBent;
      if (largest < kStill) break;
    }
    return true;
  }

  /// What a side's multiplier does to the gradient.
  void pull(const BandedSide& side, double multiplier, std::vector<VectorXd>& function) const {
    const BandedBlock& block = program_.blocks[side.block];
    VectorXd& own = function[side.block];
    if (side.link) {
      const BandedLink& link = block.links[static_cast<std::size_t>(side.row)];
      own(link.at) += multiplier * link.weight;
      function[side.block - 1](link.at_before) -= multiplier * link.weight_before;
      return;
    }
    const BandedRow& row = block.rows[static_cast<std::size_t>(side.row)];
    for (std::size_t k = 0; k < BandedRow::kBand; ++k)
      if (row.coefficients[k] != 0)
        own(row.first + static_cast<Index>(k)) += side.sign * multiplier * row.coefficients[k];
    own(own.size() - 1) += side.sign * multiplier * row.border;
  }

  /// Of the values of bent rows.
  double largest_bent(const std::vector<VectorXd>& u) const {
    double largest = 0;
    for (std::size_t b = 0; b < u.size(); ++b)
      for (const BandedRow& row : program_.blocks[b].rows)
        if (row.tag >= 0) largest = std::max(largest, std::abs(value_of(row, u[b])));
    return largest;
  }

  /// And where they belong.
  std::vector<Change> wrong_sides() const {
    const double wrong_sign =
        kWrongSign * std::max(1.0, multipliers_.size() > 0 ? multipliers_.cwiseAbs().maxCoeff() : 0);
    std::vector<Change> wrong;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const double slack = slack_of(program_, sides_[s], x_), multiplier = multipliers_(static_cast<Index>(s));
      const double over = kOver * std::max(largest_coefficient(program_, sides_[s]), 10.0);
      if (states_[s] == State::free && slack < -over) wrong.emplace_back(s, State::held);
      if (states_[s] == State::paid && slack > over) wrong.emplace_back(s, State::held);
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
  bool still_ = true;  // the last step of a face moved nothing
};

}  // namespace

ActiveSetSolution minimise_by_active_set(const BandedProgram& program, const BandedSolution& guess,
                                         const ActiveSetLimits& limits) {
  return ActiveSet(program, guess, limits).run();
}

}  // namespace strikenet
