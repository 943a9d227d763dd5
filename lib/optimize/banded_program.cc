#include "banded_program.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/parallel.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int kBand = BandedRow::kBand;
// How far of the way to the nearest bound: farther as the end comes near, or it cycles between bounds.
constexpr double kToBoundaryFirst = 0.9, kToBoundaryLast = 0.995;
constexpr int kRefinements = 1;
constexpr double kFirstSlack = 0.1, kFirstComplementarity = 0.1;
constexpr double kFirstMultiplier = 1e-3;  // of a price
constexpr double kNearly = 1e3, kLost = 1e3;
constexpr int kPatience = 6;  // steps without progress, at the end

/// An upper triangular band, its border column and a right-hand side, built row by row with Givens rotations.
class BandedQr {
 public:
  explicit BandedQr(Index unknowns) : rows_(Rows::Zero(unknowns, kBand + 2)) {}

  /// Adds scale * (row - target)^2. Rows have to come in the order of `first`.
  void add(const BandedRow& row, double weight, double target) {
    const double root = std::sqrt(weight);
    std::array<double, kBand + 2> incoming;
    for (std::size_t k = 0; k < kBand; ++k)
      incoming[k] = root * row.coefficients[k];
    incoming[kBand] = root * row.border;
    incoming[kBand + 1] = root * target;
    Index at = row.first;
    for (int turn = 0; turn < kBand && at < rows_.rows(); ++turn, ++at) {
      if (incoming[0] != 0) rotate(at, incoming);
      std::copy(incoming.begin() + 1, incoming.begin() + kBand, incoming.begin());
      incoming[kBand - 1] = 0;
    }
    const double r = std::hypot(border_, incoming[kBand]);
    if (r > 0) {
      border_target_ = (border_ * border_target_ + incoming[kBand] * incoming[kBand + 1]) / r;
      border_ = r;
    }
  }

  /// Solves R x = right-hand side.
  VectorXd solution() const {
    VectorXd x = rows_.col(kBand + 1);
    VectorXd all(x.size() + 1);
    all << x, border_target_;
    back_substitute(all);
    return all;
  }

  /// x := R^-1 x, the border unknown last.
  void back_substitute(VectorXd& x) const {
    const Index n = rows_.rows();
    x(n) = border_ > 0 ? x(n) / border_ : 0;
    for (Index i = n - 1; i >= 0; --i) {
      double sum = x(i) - rows_(i, kBand) * x(n);
      for (Index k = 1; k < std::min<Index>(kBand, n - i); ++k)
        sum -= rows_(i, k) * x(i + k);
      x(i) = sum / rows_(i, 0);
    }
  }

  /// y := R^-T y, many right-hand sides side by side.
  template <class Matrix>
  void forward_substitute(Matrix& y) const {
    const Index n = rows_.rows();
    for (Index i = 0; i < n; ++i) {
      y.row(i) /= rows_(i, 0);
      for (Index k = 1; k < std::min<Index>(kBand, n - i); ++k)
        y.row(i + k) -= rows_(i, k) * y.row(i);
      y.row(n) -= rows_(i, kBand) * y.row(i);
    }
    y.row(n) *= border_ > 0 ? 1 / border_ : 0;
  }

 private:
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, kBand + 2, Eigen::RowMajor>;

  void rotate(Index at, std::array<double, kBand + 2>& incoming) {
    double* const own = rows_.row(at).data();
    const double r = std::sqrt(own[0] * own[0] + incoming[0] * incoming[0]);
    const double c = own[0] / r, s = incoming[0] / r;
    for (std::size_t k = 0; k < kBand + 2; ++k) {
      const double a = own[k], b = incoming[k];
      own[k] = c * a + s * b;
      incoming[k] = c * b - s * a;
    }
  }

  Rows rows_;
  double border_ = 0, border_target_ = 0;
};

/// One bound: sign * value + excess - slack = bound, slack and excess >= 0, 0 <= multiplier <= price.
struct Bound {
  Index row;
  double sign, bound, price;
  double slack = 1, multiplier = 1, excess = 0, surplus = 0;  // surplus: price - multiplier, the multiplier of excess
  double slack_step = 0, multiplier_step = 0, excess_step = 0;

  bool elastic() const { return std::isfinite(price); }
};

/// D and the target of a bound's term 1/2 D (sign dv - target)^2 in the Newton step; see solve_for.
struct Newton {
  double weight, target;
};

Newton newton_of(const Bound& b, double value, double mu, bool corrector) {
  const double slack_cross = corrector ? b.slack_step * b.multiplier_step : 0;
  const double residual = b.bound - b.sign * value - b.excess + b.slack;
  const double slack_term = (mu - b.slack * b.multiplier - slack_cross) / b.multiplier;
  double weight = b.slack / b.multiplier, target = residual + slack_term;
  if (b.elastic()) {
    const double excess_cross = corrector ? -b.excess_step * b.multiplier_step : 0;
    weight += b.excess / b.surplus;
    target -= (mu - b.excess * b.surplus - excess_cross) / b.surplus;
  }
  return {1 / weight, target};
}

/// Steps of a bound's own unknowns once that of its value is known.
void set_steps(Bound& b, double value, double value_step, double mu, bool corrector) {
  const Newton newton = newton_of(b, value, mu, corrector);
  const double slack_cross = corrector ? b.slack_step * b.multiplier_step : 0;
  const double excess_cross = corrector ? -b.excess_step * b.multiplier_step : 0;
  const double multiplier_step = newton.weight * (newton.target - b.sign * value_step);
  b.slack_step = (mu - b.slack * b.multiplier - slack_cross - b.slack * multiplier_step) / b.multiplier;
  if (b.elastic()) b.excess_step = (mu - b.excess * b.surplus - excess_cross + b.excess * multiplier_step) / b.surplus;
  b.multiplier_step = multiplier_step;
}

double longest(double at, double step) { return step < 0 ? -at / step : std::numeric_limits<double>::infinity(); }

std::vector<std::size_t> by_first(const std::vector<BandedRow>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::size_t r) { return rows[r].first; });
  return order;
}

/// gradient += factor times the row's coefficients.
void add_row(const BandedRow& row, double factor, VectorXd& gradient) {
  for (Index k = 0; k < kBand && row.first + k + 1 < gradient.size(); ++k)
    gradient(row.first + k) += factor * row.coefficients[static_cast<std::size_t>(k)];
  gradient(gradient.size() - 1) += factor * row.border;
}

struct Block {
  const BandedBlock* program;
  std::vector<std::size_t> order;  // of the rows, by first unknown
  VectorXd x, step;
  std::vector<Bound> bounds;  // of rows
  std::vector<Bound> links;
  std::vector<std::pair<Index, Index>> bounds_of_row;  // lower and upper, or -1
  VectorXd weights, targets;                           // of the Newton step's squares, per row
  VectorXd pull;                                       // what the links do to the gradient
  BandedQr qr{0};
  RowMajor forward, forward_before;  // R^-T of the links' own unknowns, and of the unknowns before
  Eigen::LLT<MatrixXd> diagonal;     // of the Schur complement over the links, and the block below it
  MatrixXd schur, below;

  double row_value(std::size_t r) const { return value_of(program->rows[r], x); }
};

class InteriorPoint {
 public:
  InteriorPoint(const BandedProgram& program, const std::vector<VectorXd>& start, const BandedLimits& limits)
      : limits_(limits) {
    blocks_.resize(program.blocks.size());
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      set_up(program.blocks[b], start[b], blocks_[b]);
  }

  void start() {
    place_bounds();
    centre_bounds();
  }

  /// Every product at `mu`: of each pair the larger keeps its value, or becomes the root of mu.
  void start_from(const BandedSolution& guess, double mu) {
    const double root = std::sqrt(mu);
    for_bounds([&](Bound& bound, double value, std::size_t b) {
      const Block& block = blocks_[b];
      const auto& multipliers = is_link(block, bound) ? guess.link_multipliers
                                : bound.sign > 0      ? guess.lower_multipliers
                                                      : guess.upper_multipliers;
      const double distance = bound.sign * value - bound.bound, multiplier = multipliers[b](bound.row);
      if (multiplier > distance) {
        bound.multiplier = std::max(multiplier, root);
        if (bound.elastic()) bound.multiplier = std::min(bound.multiplier, (1 - kFirstMultiplier) * bound.price);
        bound.slack = mu / bound.multiplier;
      } else {
        bound.slack = std::max(distance, root);
        bound.multiplier = mu / bound.slack;
        if (bound.elastic()) bound.multiplier = std::min(bound.multiplier, (1 - kFirstMultiplier) * bound.price);
      }
      if (bound.elastic()) {
        bound.surplus = bound.price - bound.multiplier;
        bound.excess = mu / bound.surplus;
      }
    });
  }

  BandedSolution run() {
    BandedSolution result;
    double shortest = std::numeric_limits<double>::infinity(), least = shortest;
    std::vector<Block> best;
    for (int since_shortest = 0; result.iterations < limits_.iterations; ++result.iterations) {
      const double mu = complementarity();
      newton(0, false);
      result.step = largest_step();
      result.complementarity = mu;
      if (mu < least && result.step <= limits_.step * kNearly) {
        least = mu;
        best = blocks_;
      } else if (!(mu < kLost * least)) {
        break;  // rounding has taken over
      }
      since_shortest = result.step < shortest ? 0 : since_shortest + 1;
      shortest = std::min(shortest, result.step);
      result.optimal = mu <= limits_.complementarity && result.step <= limits_.step;
      if (result.optimal || (mu <= limits_.complementarity && since_shortest > kPatience)) break;
      const double longest = std::min(1.0, longest_step());
      const double centre = std::pow(complementarity_after(longest) / mu, 3);
      newton(centre * mu, true);
      move(std::min(1.0, std::clamp(1 - mu, kToBoundaryFirst, kToBoundaryLast) * longest_step()));
      if (!std::isfinite(complementarity())) break;
    }
    if (!result.optimal && !best.empty()) {
      std::swap(blocks_, best);
      result.complementarity = complementarity();
      newton(0, false);
      result.step = largest_step();
      result.optimal = result.complementarity <= limits_.complementarity && result.step <= limits_.step;
    }
    for (const Block& block : blocks_)
      collect(block, result);
    return result;
  }

 private:
  static void set_up(const BandedBlock& program, const VectorXd& start, Block& block) {
    block.program = &program;
    block.x = start;
    block.order = by_first(program.rows);
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      const BandedRow& row = program.rows[r];
      std::pair<Index, Index> of_row{-1, -1};
      if (std::isfinite(row.lower)) {
        of_row.first = static_cast<Index>(block.bounds.size());
        block.bounds.push_back({static_cast<Index>(r), 1, row.lower, row.price});
      }
      if (std::isfinite(row.upper)) {
        of_row.second = static_cast<Index>(block.bounds.size());
        block.bounds.push_back({static_cast<Index>(r), -1, -row.upper, row.price});
      }
      block.bounds_of_row.push_back(of_row);
    }
    for (std::size_t l = 0; l < program.links.size(); ++l)
      block.links.push_back({static_cast<Index>(l), 1, 0, std::numeric_limits<double>::infinity()});
  }

  template <class F>
  void for_bounds(F f) {
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      for (Bound& bound : blocks_[b].bounds)
        f(bound, blocks_[b].row_value(static_cast<std::size_t>(bound.row)), b);
      for (Bound& bound : blocks_[b].links)
        f(bound, link_value(b, bound.row, &Block::x), b);
    }
  }

  static bool is_link(const Block& block, const Bound& bound) {
    return &bound >= block.links.data() && &bound < block.links.data() + block.links.size();
  }

  double link_value(std::size_t b, Index l, VectorXd Block::*of) const {
    const BandedLink& link = blocks_[b].program->links[static_cast<std::size_t>(l)];
    return link.weight * (blocks_[b].*of)(link.at) - link.weight_before * (blocks_[b - 1].*of)(link.at_before);
  }

  void place_bounds() {
    for_bounds([](Bound& bound, double value, std::size_t) {
      const double distance = bound.sign * value - bound.bound;
      bound.slack = std::max(distance, kFirstSlack);
      bound.multiplier = kFirstComplementarity / bound.slack;
      if (bound.elastic()) {
        bound.slack = std::max(distance, 0.0) + kFirstSlack;
        bound.excess = std::max(-distance, 0.0) + kFirstSlack;
        bound.multiplier = kFirstMultiplier * bound.price;
        bound.surplus = bound.price - bound.multiplier;
      }
    });
  }

  /// Moves everything by the first Newton step and away from 0 again (Gertz, Wright 2003).
  void centre_bounds() {
    newton(0, false);
    const auto away = [](double at, double step, double least) { return std::max(std::abs(at + step), least); };
    for (Block& block : blocks_)
      block.x += block.step;
    for_bounds([&](Bound& b, double, std::size_t) {
      b.slack = away(b.slack, b.slack_step, kFirstSlack);
      if (b.elastic()) {
        const double excess = b.excess + b.excess_step;
        b.multiplier =
            std::clamp(b.multiplier + b.multiplier_step, kFirstMultiplier * b.price, (1 - kFirstMultiplier) * b.price);
        b.surplus = b.price - b.multiplier;
        b.excess = std::max(excess - kFirstSlack, kFirstComplementarity / b.surplus);
      } else {
        b.multiplier = away(b.multiplier, b.multiplier_step, kFirstComplementarity);
      }
    });
  }

  double complementarity() {
    double sum = 0;
    double count = 0;
    for_bounds([&](Bound& bound, double, std::size_t) {
      sum += bound.slack * bound.multiplier;
      ++count;
      if (bound.elastic()) {
        sum += bound.excess * bound.surplus;
        ++count;
      }
    });
    return count > 0 ? sum / count : 0;
  }

  double complementarity_after(double length) {
    double sum = 0, count = 0;
    for_bounds([&](Bound& b, double, std::size_t) {
      sum += (b.slack + length * b.slack_step) * (b.multiplier + length * b.multiplier_step);
      ++count;
      if (b.elastic()) {
        sum += (b.excess + length * b.excess_step) * (b.surplus - length * b.multiplier_step);
        ++count;
      }
    });
    return count > 0 ? sum / count : 0;
  }

  void newton(double mu, bool corrector) {
    in_parallel(blocks_.size(), limits_.threads, [&](std::size_t b) { factorise(blocks_[b], mu, corrector); });
    if (!corrector) factorise_links();
    couple(mu, corrector);
    for_bounds([&](Bound& bound, double value, std::size_t b) {
      Block& block = blocks_[b];
      const double value_step = is_link(block, bound)
                                    ? link_value(b, bound.row, &Block::step)
                                    : value_of(block.program->rows[static_cast<std::size_t>(bound.row)], block.step);
      set_steps(bound, value, value_step, mu, corrector);
    });
  }

  /// The least-squares problem of a block without its links.
  static void factorise(Block& block, double mu, bool corrector) {
    block.qr = BandedQr(block.program->unknowns);
    block.weights.resize(static_cast<Index>(block.order.size()));
    block.targets.resize(block.weights.size());
    for (const std::size_t r : block.order) {
      const BandedRow& row = block.program->rows[r];
      const double value = block.row_value(r);
      double weight = row.square, pull = row.square * (row.target - value);
      const auto add = [&](Index b) {
        if (b < 0) return;
        const Bound& bound = block.bounds[static_cast<std::size_t>(b)];
        const Newton newton = newton_of(bound, value, mu, corrector);
        weight += newton.weight;
        pull += bound.sign * (newton.weight * newton.target + bound.multiplier);
      };
      add(block.bounds_of_row[r].first);
      add(block.bounds_of_row[r].second);
      block.weights(static_cast<Index>(r)) = weight;
      block.targets(static_cast<Index>(r)) = weight > 0 ? pull / weight : 0;
      if (weight > 0) block.qr.add(row, weight, pull / weight);
    }
    block.step = block.qr.solution();
    block.pull = VectorXd::Zero(block.step.size());
  }

  /// What is left of the gradient of a block's Newton problem, solved for: one step of iterative refinement.
  static VectorXd refinement(const Block& block) {
    VectorXd gradient = block.pull;
    for (std::size_t r = 0; r < block.order.size(); ++r) {
      const BandedRow& row = block.program->rows[r];
      const double left =
          block.weights(static_cast<Index>(r)) * (block.targets(static_cast<Index>(r)) - value_of(row, block.step));
      add_row(row, left, gradient);
    }
    block.qr.forward_substitute(gradient);
    block.qr.back_substitute(gradient);
    return gradient;
  }

  /// The Schur complement over the links: block-tridiagonal, and factorised.
  void factorise_links() {
    in_parallel(blocks_.size(), limits_.threads, [&](std::size_t b) { substitute_links(b); });
    in_parallel(blocks_.size(), limits_.threads, [&](std::size_t b) { multiply_links(b); });
    for (std::size_t b = 1; b < blocks_.size(); ++b) {
      Block& block = blocks_[b];
      if (block.links.empty()) continue;
      if (coupled(b)) {
        blocks_[b - 1].diagonal.matrixL().solveInPlace(block.below);
        block.schur.selfadjointView<Eigen::Lower>().rankUpdate(block.below.transpose(), -1);
      }
      block.diagonal.compute(block.schur);
    }
  }

  void substitute_links(std::size_t b) {
    Block& block = blocks_[b];
    const auto links = static_cast<Index>(block.links.size());
    if (links == 0) return;
    const Block& before = blocks_[b - 1];
    block.forward = RowMajor::Zero(block.x.size(), links);
    block.forward_before = RowMajor::Zero(before.x.size(), links);
    for (Index l = 0; l < links; ++l) {
      const BandedLink& link = block.program->links[static_cast<std::size_t>(l)];
      block.forward(link.at, l) = link.weight;
      block.forward_before(link.at_before, l) = link.weight_before;
    }
    block.qr.forward_substitute(block.forward);
    before.qr.forward_substitute(block.forward_before);
  }

  /// The block on the diagonal, and, where two are coupled, the one below it.
  void multiply_links(std::size_t b) {
    Block& block = blocks_[b];
    const auto links = static_cast<Index>(block.links.size());
    if (links == 0) return;
    block.schur = MatrixXd::Zero(links, links);
    block.schur.selfadjointView<Eigen::Lower>().rankUpdate(block.forward.transpose());
    block.schur.selfadjointView<Eigen::Lower>().rankUpdate(block.forward_before.transpose());
    for (Index l = 0; l < links; ++l)
      block.schur(l, l) += 1 / newton_of(block.links[static_cast<std::size_t>(l)], 0, 0, false).weight;
    if (coupled(b)) block.below = -blocks_[b - 1].forward.transpose() * block.forward_before;
  }

  /// Whether links of block b and of the block before share unknowns, those of the block before.
  bool coupled(std::size_t b) const {
    return b > 1 && b < blocks_.size() && !blocks_[b].links.empty() && !blocks_[b - 1].links.empty();
  }

  /// The multipliers of the links, and what they do to the steps; refined.
  void couple(double mu, bool corrector) {
    std::vector<VectorXd> multipliers(blocks_.size());
    for (std::size_t b = 1; b < blocks_.size(); ++b)
      multipliers[b] = VectorXd::Zero(static_cast<Index>(blocks_[b].links.size()));
    for (int round = 0; round <= kRefinements; ++round) {
      if (round > 0)
        for (Block& block : blocks_)
          block.step += refinement(block);
      std::vector<VectorXd> y(blocks_.size());
      for (std::size_t b = 1; b < blocks_.size(); ++b) {
        const Block& block = blocks_[b];
        if (block.links.empty()) continue;
        y[b].resize(static_cast<Index>(block.links.size()));
        for (Index l = 0; l < y[b].size(); ++l) {
          const Bound& bound = block.links[static_cast<std::size_t>(l)];
          const Newton newton = newton_of(bound, link_value(b, l, &Block::x), mu, corrector);
          y[b](l) =
              newton.target + (bound.multiplier - multipliers[b](l)) / newton.weight - link_value(b, l, &Block::step);
        }
        if (coupled(b)) y[b] -= block.below.transpose() * y[b - 1];
        block.diagonal.matrixL().solveInPlace(y[b]);
      }
      for (std::size_t b = blocks_.size(); b-- > 1;) {
        if (blocks_[b].links.empty()) continue;
        if (coupled(b + 1)) y[b] -= blocks_[b + 1].below * y[b + 1];
        blocks_[b].diagonal.matrixU().solveInPlace(y[b]);
        multipliers[b] += y[b];
      }
      for (std::size_t b = 1; b < blocks_.size(); ++b) {
        Block &block = blocks_[b], &before = blocks_[b - 1];
        if (block.links.empty()) continue;
        VectorXd own = block.forward * y[b], other = block.forward_before * y[b];
        block.qr.back_substitute(own);
        before.qr.back_substitute(other);
        block.step += own;
        before.step -= other;
        for (Index l = 0; l < y[b].size(); ++l) {
          const BandedLink& link = block.program->links[static_cast<std::size_t>(l)];
          block.pull(link.at) += y[b](l) * link.weight;
          before.pull(link.at_before) -= y[b](l) * link.weight_before;
        }
      }
    }
  }

  /// The largest change of a value that has a price, or of a square's root.
  double largest_step() const {
    double largest = 0;
    for (const Block& block : blocks_)
      for (const BandedRow& row : block.program->rows)
        if (const double unit = std::isfinite(row.price) ? 1 : std::sqrt(row.square); unit > 0)
          largest = std::max(largest, unit * std::abs(value_of(row, block.step)));
    return largest;
  }

  /// How far the step may go before something that has to be positive is 0.
  double longest_step() {
    double length = std::numeric_limits<double>::infinity();
    for_bounds([&](Bound& b, double, std::size_t) {
      length = std::min({length, longest(b.slack, b.slack_step), longest(b.multiplier, b.multiplier_step)});
      if (b.elastic())
        length = std::min({length, longest(b.excess, b.excess_step), longest(b.surplus, -b.multiplier_step)});
    });
    return length;
  }

  void move(double length) {
    for (Block& block : blocks_)
      block.x += length * block.step;
    for_bounds([&](Bound& b, double, std::size_t) {
      b.slack += length * b.slack_step;
      b.multiplier += length * b.multiplier_step;
      b.surplus -= length * b.multiplier_step;
      b.excess += length * b.excess_step;
    });
  }

  static void collect(const Block& block, BandedSolution& result) {
    const auto rows = static_cast<Index>(block.program->rows.size());
    VectorXd lower = VectorXd::Zero(rows), upper = VectorXd::Zero(rows);
    for (const Bound& bound : block.bounds)
      (bound.sign > 0 ? lower : upper)(bound.row) = bound.multiplier;
    VectorXd links(static_cast<Index>(block.links.size()));
    for (Index l = 0; l < links.size(); ++l)
      links(l) = block.links[static_cast<std::size_t>(l)].multiplier;
    result.x.push_back(block.x);
    result.lower_multipliers.push_back(lower);
    result.upper_multipliers.push_back(upper);
    result.link_multipliers.push_back(links);
  }

  BandedLimits limits_;
  std::vector<Block> blocks_;
};

}  // namespace

double value_of(const BandedRow& row, const VectorXd& x) {
  double value = row.border * x(x.size() - 1);
  for (Index k = 0; k < kBand && row.first + k + 1 < x.size(); ++k)
    value += row.coefficients[static_cast<std::size_t>(k)] * x(row.first + k);
  return value;
}

double root_gap(const BandedProgram& program, const BandedSolution& solution) {
  double products = 0;
  std::vector<VectorXd> gradients;
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    const BandedBlock& block = program.blocks[b];
    const VectorXd& x = solution.x[b];
    gradients.push_back(VectorXd::Zero(x.size()));
    for (std::size_t r = 0; r < block.rows.size(); ++r) {
      const BandedRow& row = block.rows[r];
      const double value = value_of(row, x);
      const double lower = solution.lower_multipliers[b](static_cast<Index>(r)),
                   upper = solution.upper_multipliers[b](static_cast<Index>(r));
      const auto product = [&](double multiplier, double slack) {
        if (slack >= 0) return multiplier * slack;
        return std::isfinite(row.price) ? (multiplier - row.price) * slack : 0.0;
      };
      if (std::isfinite(row.lower)) products += product(lower, value - row.lower);
      if (std::isfinite(row.upper)) products += product(upper, row.upper - value);
      add_row(row, row.square * (value - row.target) - lower + upper, gradients.back());
    }
    for (std::size_t l = 0; l < block.links.size(); ++l) {
      const BandedLink& link = block.links[l];
      const double multiplier = solution.link_multipliers[b](static_cast<Index>(l));
      const double slack = link.weight * x(link.at) - link.weight_before * solution.x[b - 1](link.at_before);
      products += multiplier * std::max(slack, 0.0);
      gradients[b](link.at) -= multiplier * link.weight;
      gradients[b - 1](link.at_before) += multiplier * link.weight_before;
    }
  }
  double squares = 0;
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    BandedQr qr(program.blocks[b].unknowns);
    for (const std::size_t r : by_first(program.blocks[b].rows))
      if (program.blocks[b].rows[r].square > 0) qr.add(program.blocks[b].rows[r], program.blocks[b].rows[r].square, 0);
    qr.forward_substitute(gradients[b]);
    squares += gradients[b].squaredNorm();
  }
  return std::sqrt(2 * products + squares);
}

BandedSolution minimise(const BandedProgram& program, const std::vector<VectorXd>& start, const BandedLimits& limits) {
  InteriorPoint method(program, start, limits);
  method.start();
  return method.run();
}

BandedSolution minimise_from(const BandedProgram& program, const BandedSolution& guess, double complementarity,
                             const BandedLimits& limits) {
  InteriorPoint method(program, guess.x, limits);
  method.start_from(guess, complementarity);
  return method.run();
}

}  // namespace strikenet
