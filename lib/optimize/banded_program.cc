#include "banded_program.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "banded_qr.h"
#include "core/parallel.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kBand = BandedRow::kBand;
constexpr double kInfinity = BandedRow::kInfinity;
// How far of the way to the nearest bound: farther as the end comes near, or it cycles between bounds.
constexpr double kToBoundaryFirst = 0.9, kToBoundaryLast = 0.995;
constexpr int kRefinements = 1;
// Of what a link compares: it is looked at when its sides are nearer than kNear, until they are farther than kFar.
constexpr double kNear = 2e-3, kFar = 8e-3;
constexpr double kFarBeyond = 1;   // mean distance beyond bounds of a start that is far from them
constexpr double kLowPrice = 100;  // roots of complementarity: lower prices are better paid at first than avoided
constexpr double kAtMost = 0.999;  // of its price, a multiplier to start from
// Centring is tried where a step goes less than kFarEnough of the way. It is hoped to go kHope times as far and
// kHopeAtLeast farther; products more than kOff times too large or too small there are moved; and the step is taken if
// it gains kWorthIt of what was hoped.
constexpr double kFarEnough = 0.9, kHope = 1.5, kHopeAtLeast = 0.3, kWorthIt = 0.1, kOff = 10;
// A point whose step is within kNearly times its limit, or fair, may be the last one; complementarity kLost times the
// least of these says that rounding has taken over.
constexpr double kNearly = 1e3, kLost = 1e3;
// Of what did not fit together at first: little enough for complementarity to count, and to say what can be saved.
constexpr double kFits = 1e-3, kFitsWell = 1e-6;
constexpr int kPatience = 6;  // steps without a shorter one, or complementarity becoming half, at the end
constexpr int kStalled = 30;  // steps without complementarity becoming half, once everything fits together

/// One bound: sign * value + excess - slack = bound, slack and excess >= 0, 0 <= multiplier <= price.
struct Bound {
  Index row;
  double sign, bound, price;
  double slack = 1, multiplier = 1, excess = 0, surplus = 0;  // surplus: price - multiplier, the multiplier of excess
  double slack_aim = 0, excess_aim = 0;  // of the linearised products: by what the step changes them
  double slack_step = 0, multiplier_step = 0, excess_step = 0;

  bool elastic() const { return std::isfinite(price); }
};

/// D and the target of a bound's term 1/2 D (sign dv - target)^2 in the Newton step; see solve_block.
struct Newton {
  double weight, target;
};

Newton newton_of(const Bound& b, double value) {
  double weight = b.slack / b.multiplier;
  double target = b.bound - b.sign * value - b.excess + b.slack + b.slack_aim / b.multiplier;
  if (b.elastic()) {
    weight += b.excess / b.surplus;
    target -= b.excess_aim / b.surplus;
  }
  return {1 / weight, target};
}

/// Steps of a bound's own unknowns once that of its value is known.
void set_steps(Bound& b, double value, double value_step) {
  const Newton newton = newton_of(b, value);
  b.multiplier_step = newton.weight * (newton.target - b.sign * value_step);
  b.slack_step = (b.slack_aim - b.slack * b.multiplier_step) / b.multiplier;
  if (b.elastic()) b.excess_step = (b.excess_aim + b.excess * b.multiplier_step) / b.surplus;
}

double longest(double at, double step) { return step < 0 ? -at / step : kInfinity; }

struct Block {
  const BandedBlock* program;
  std::vector<std::size_t> order;  // of the rows, by first unknown
  VectorXd x, step;
  std::vector<Bound> bounds;  // of rows
  std::vector<Bound> links;
  std::vector<std::size_t> near;                       // the links that are looked at
  std::vector<bool> left, returned;                    // links that no longer were, and were again
  std::vector<std::pair<Index, Index>> bounds_of_row;  // lower and upper, or -1
  VectorXd weights, targets;                           // of the Newton step's squares, per row
  VectorXd pull;                                       // what the links do to the gradient
  VectorXd multipliers;                                // of the near links, in the Newton problem
  BandedQr qr{0};
  std::vector<Index> meeting;     // unknowns with a near link, to the block before or after
  MatrixXd inverse;               // of the squares' matrix, at these
  std::vector<Index> at, before;  // per near link: its unknown among those of its block, and of the block before
  Eigen::LLT<MatrixXd> diagonal;  // of the Schur complement over the near links, and the block below it
  MatrixXd schur, below;

  double row_value(std::size_t r) const { return value_of(program->rows[r], x); }
};

/// What changes from step to step.
struct Step {
  VectorXd x;
  std::vector<std::array<double, 3>> bounds;
};

/// All of a point but its steps.
struct Point {
  std::vector<VectorXd> x;
  std::vector<std::vector<Bound>> bounds, links;
  std::vector<std::vector<std::size_t>> near;
};

/// What the points so far have reached.
struct Progress {
  double least = kInfinity;     // complementarity of a point that may be the last one
  double shortest = kInfinity;  // affine step
  double half = kInfinity;      // complementarity that has to become half
  double unfit = 1;             // of what did not fit together at first
  int since_shortest = 0, since_half = 0;

  bool fits() const { return unfit <= kFits; }

  void see(double complementarity, double step) {
    since_shortest = step < shortest ? 0 : since_shortest + 1;
    shortest = std::min(shortest, step);
    since_half = !fits() || complementarity < half / 2 ? 0 : since_half + 1;
    if (since_half == 0) half = complementarity;
  }
};

class InteriorPoint {
 public:
  InteriorPoint(const BandedProgram& program, const std::vector<VectorXd>& start, const BandedLimits& limits)
      : limits_(limits), workers_(limits.workers != nullptr ? *limits.workers : own_worker_) {
    blocks_.resize(program.blocks.size());
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      set_up(program.blocks[b], start[b], blocks_[b]);
  }

  /// Every product the same: what is beyond a bound inside it for the time being; or, far beyond, paid for, every
  /// product that of a cost as large as all of that.
  void start() {
    double beyond = 0;
    for_bounds([&](Bound& bound, double value, std::size_t) {
      if (bound.elastic()) beyond += std::max(bound.bound - bound.sign * value, 0.0);
    });
    far_ = beyond > kFarBeyond * count();
    const double mu = far_ ? std::max(limits_.first, charged() / count()) : limits_.first;
    for_bounds([&](Bound& bound, double value, std::size_t) {
      const double distance = bound.sign * value - bound.bound;
      if (bound.elastic() && (far_ || bound.price < kLowPrice * std::sqrt(mu))) return put_on_path(bound, distance, mu);
      bound.slack = std::max(distance, std::sqrt(mu));
      set_multiplier(bound, mu / bound.slack, mu);
    });
  }

  /// The same, but of each pair the larger keeps its value, or becomes the root of a product; multipliers in `unit`.
  void start_from(const BandedSolution& guess, double product, double unit) {
    const double mu = unit * product;
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      for (std::size_t l = 0; l < blocks_[b].links.size(); ++l)
        if (guess.link_multipliers[b](static_cast<Index>(l)) > 0) blocks_[b].near.push_back(l);
    for_bounds([&](Bound& bound, double value, std::size_t b) {
      const Block& block = blocks_[b];
      const auto& multipliers = is_link(block, bound) ? guess.link_multipliers
                                : bound.sign > 0      ? guess.lower_multipliers
                                                      : guess.upper_multipliers;
      const double distance = bound.sign * value - bound.bound, multiplier = multipliers[b](bound.row);
      if (bound.elastic() && bound.price / unit - multiplier < -distance) return pay(bound, -distance, product, mu);
      const bool holds = multiplier > distance;
      bound.slack = std::max(distance, std::sqrt(product));
      set_multiplier(bound, holds ? unit * std::max(multiplier, std::sqrt(product)) : mu / bound.slack, mu);
      if (holds) bound.slack = mu / bound.multiplier;
    });
  }

  BandedSolution run() {
    BandedSolution result;
    Progress progress;
    Point best;
    for (; result.iterations < limits_.iterations; ++result.iterations) {
      look_at_near_links();
      predict();
      measure(progress.unfit, result);
      progress.see(result.complementarity, result.step);
      if (result.complementarity < progress.least &&
          result.step <= std::max(limits_.step * kNearly, limits_.fair_step)) {
        progress.least = result.complementarity;
        best = point();
      }
      if (result.optimal || is_over(progress, result)) break;
      const std::vector<double> lengths = choose_step();
      if (!std::isfinite(complementarity_after(1))) break;
      move(lengths);
      progress.unfit *= 1 - std::ranges::min(lengths);
    }
    if (!result.optimal && !best.x.empty()) {
      back_to(best);
      predict();
      measure(progress.unfit, result);
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
      block.links.push_back({static_cast<Index>(l), 1, 0, kInfinity});
    block.left.assign(program.links.size(), false);
    block.returned = block.left;
  }

  /// slack - excess = distance, and both products mu: a quadratic in the smaller of multiplier and surplus.
  static void put_on_path(Bound& bound, double distance, double mu) {
    const double d = std::abs(distance), half = d * bound.price / 2 + mu;
    const double smaller = mu * bound.price / (half + std::sqrt(half * half - d * mu * bound.price));
    bound.multiplier = distance > 0 ? smaller : bound.price - smaller;
    bound.surplus = distance > 0 ? bound.price - smaller : smaller;
    bound.slack = mu / bound.multiplier;
    bound.excess = mu / bound.surplus;
  }

  /// What lies beyond its bound by `by`.
  static void pay(Bound& bound, double by, double product, double mu) {
    bound.excess = std::max(by, std::sqrt(product));
    bound.surplus = std::min(mu / bound.excess, bound.price / 2);
    bound.multiplier = bound.price - bound.surplus;
    bound.slack = mu / bound.multiplier;
  }

  static void set_multiplier(Bound& bound, double multiplier, double mu) {
    bound.multiplier = multiplier;
    if (!bound.elastic()) return;
    bound.multiplier = std::min(multiplier, kAtMost * bound.price);
    bound.surplus = bound.price - bound.multiplier;
    bound.excess = mu / bound.surplus;
  }

  template <class F>
  void for_bounds(F f) {
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      for (Bound& bound : blocks_[b].bounds)
        f(bound, blocks_[b].row_value(static_cast<std::size_t>(bound.row)), b);
      for (const std::size_t l : blocks_[b].near)
        f(blocks_[b].links[l], link_value(b, static_cast<Index>(l), &Block::x), b);
    }
  }

  static bool is_link(const Block& block, const Bound& bound) {
    return &bound >= block.links.data() && &bound < block.links.data() + block.links.size();
  }

  double link_value(std::size_t b, Index l, VectorXd Block::*of) const {
    const BandedLink& link = blocks_[b].program->links[static_cast<std::size_t>(l)];
    return link.weight * (blocks_[b].*of)(link.at) - link.weight_before * (blocks_[b - 1].*of)(link.at_before);
  }

  Point point() const {
    Point result;
    for (const Block& block : blocks_) {
      result.x.push_back(block.x);
      result.bounds.push_back(block.bounds);
      result.links.push_back(block.links);
      result.near.push_back(block.near);
    }
    return result;
  }

  void back_to(const Point& point) {
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      blocks_[b].x = point.x[b];
      blocks_[b].bounds = point.bounds[b];
      blocks_[b].links = point.links[b];
      blocks_[b].near = point.near[b];
    }
  }

  /// Links that come near are looked at from now on, those that are far no longer.
  void look_at_near_links() {
    look_at([this](std::size_t b, std::size_t l, bool looked_at) {
      const Block& block = blocks_[b];
      const BandedLink& link = block.program->links[l];
      const double own = link.weight * block.x(link.at), other = link.weight_before * blocks_[b - 1].x(link.at_before),
                   gap = (own - other) / (std::abs(own) + std::abs(other));
      if (looked_at) return gap < kFar || block.links[l].multiplier > block.links[l].slack || block.returned[l];
      return !(gap >= kNear);
    });
  }

  /// Links that the step would cross by more than the slack they would be given after it, too. Whether there are any.
  bool look_at_crossed_links(const std::vector<double>& lengths) {
    const double slack = std::sqrt(complementarity());
    return look_at([&](std::size_t b, std::size_t l, bool looked_at) {
      if (looked_at) return true;
      const BandedLink& link = blocks_[b].program->links[l];
      const auto after = [&](std::size_t block, Index i) {
        return blocks_[block].x(i) + lengths[block] * blocks_[block].step(i);
      };
      return link.weight * after(b, link.at) - link.weight_before * after(b - 1, link.at_before) < -slack;
    });
  }

  /// Those links that `whether` chooses; new ones with the same product as everything else. Whether there are new ones.
  template <class Whether>
  bool look_at(Whether whether) {
    const double mu = count() > 0 ? complementarity() : limits_.first;
    bool any_new = false;
    for (std::size_t b = 1; b < blocks_.size(); ++b) {
      Block& block = blocks_[b];
      std::vector<std::size_t> near;
      auto was = block.near.begin();
      for (std::size_t l = 0; l < block.links.size(); ++l) {
        const bool looked_at = was != block.near.end() && *was == l;
        if (looked_at) ++was;
        if (!whether(b, l, looked_at)) {
          if (looked_at) block.left[l] = true;
          continue;
        }
        near.push_back(l);
        if (looked_at) continue;
        any_new = true;
        block.returned[l] = block.left[l];
        Bound& bound = block.links[l];
        bound.slack = std::max(link_value(b, static_cast<Index>(l), &Block::x), std::sqrt(mu));
        bound.multiplier = mu / bound.slack;
      }
      block.near = std::move(near);
    }
    return any_new;
  }

  double count() {
    double count = 0;
    for_bounds([&](Bound& bound, double, std::size_t) { count += bound.elastic() ? 2 : 1; });
    return count;
  }

  double complementarity() {
    double sum = 0;
    for_bounds([&](Bound& bound, double, std::size_t) {
      sum += bound.slack * bound.multiplier;
      if (bound.elastic()) sum += bound.excess * bound.surplus;
    });
    const double bounds = count();
    return bounds > 0 ? sum / bounds : 0;
  }

  double complementarity_after(double length) {
    double sum = 0;
    for_bounds([&](Bound& b, double, std::size_t) {
      sum += (b.slack + length * b.slack_step) * (b.multiplier + length * b.multiplier_step);
      if (b.elastic()) sum += (b.excess + length * b.excess_step) * (b.surplus - length * b.multiplier_step);
    });
    const double bounds = count();
    return bounds > 0 ? sum / bounds : 0;
  }

  /// How near the point is to a minimum, once its affine step is known.
  void measure(double unfit, BandedSolution& result) {
    result.step = largest_step();
    result.complementarity = complementarity();
    result.of_charged = (result.complementarity * count() + unmet()) / charged();
    const double enough = limits_.of_charged;
    result.optimal = (result.complementarity <= limits_.complementarity && result.step <= limits_.step) ||
                     (unfit <= std::min(enough, kFitsWell) && result.of_charged <= enough);
  }

  /// Whether more steps would not help.
  bool is_over(const Progress& progress, const BandedSolution& now) const {
    const bool rounding = now.complementarity > kLost * progress.least;
    const bool enough = now.complementarity <= limits_.complementarity && progress.since_shortest > kPatience;
    const bool fair = now.complementarity <= limits_.fair_complementarity && now.step <= limits_.fair_step &&
                      progress.since_half > kPatience;
    return rounding || enough || fair || progress.since_half > kStalled;
  }

  /// What it costs that bounds do not fit together yet.
  double unmet() {
    double sum = 0;
    for_bounds([&](Bound& b, double value, std::size_t) {
      sum += b.multiplier * std::abs(b.bound - b.sign * value - b.excess + b.slack);
    });
    return sum;
  }

  /// What values beyond bounds cost at x.
  double charged() {
    double sum = 0;
    for_bounds([&](Bound& bound, double value, std::size_t) {
      if (bound.elastic()) sum += bound.price * std::max(bound.bound - bound.sign * value, 0.0);
    });
    return sum;
  }

  /// From the affine step to the one that is taken; how far, per block. A step that would cross links which are not
  /// looked at is made again with them.
  std::vector<double> choose_step() {
    for (;; predict()) {
      const double mu = complementarity();
      const double centring = std::pow(complementarity_after(std::min(1.0, longest_step())) / mu, 3);
      correct(centring * mu);
      centre(centring * mu);
      std::vector<double> lengths = lengths_of_step(mu);
      if (!look_at_crossed_links(lengths)) return lengths;
    }
  }

  /// The step that takes every product to 0.
  void predict() {
    for_bounds([](Bound& b, double, std::size_t) {
      b.slack_aim = -b.slack * b.multiplier;
      b.excess_aim = -b.excess * b.surplus;
    });
    newton(true);
  }

  /// To mu instead, to second order (Mehrotra 1992).
  void correct(double mu) {
    for_bounds([mu](Bound& b, double, std::size_t) {
      b.slack_aim += mu - b.slack_step * b.multiplier_step;
      b.excess_aim += mu + b.excess_step * b.multiplier_step;
    });
    newton(false);
  }

  /// Products that the step would leave far from mu, taken nearer to it, where that lets the step go farther (Gondzio
  /// 1996).
  void centre(double mu) {
    const double length = longest_step(), trial = std::min(1.0, kHope * length + kHopeAtLeast);
    if (length > kFarEnough) return;
    const auto missing = [mu](double product) {
      return product < mu / kOff ? mu / kOff - product : std::clamp(kOff * mu - product, -kOff * mu, 0.0);
    };
    const std::vector<Step> before = steps();
    for_bounds([&](Bound& b, double, std::size_t) {
      b.slack_aim += missing((b.slack + trial * b.slack_step) * (b.multiplier + trial * b.multiplier_step));
      if (b.elastic())
        b.excess_aim += missing((b.excess + trial * b.excess_step) * (b.surplus - trial * b.multiplier_step));
    });
    newton(false);
    if (longest_step() < length + kWorthIt * (trial - length)) set_steps_to(before);
  }

  std::vector<Step> steps() {
    std::vector<Step> result;
    for (const Block& block : blocks_)
      result.push_back({block.step, {}});
    for_bounds([&](Bound& b, double, std::size_t i) {
      result[i].bounds.push_back({b.slack_step, b.multiplier_step, b.excess_step});
    });
    return result;
  }

  void set_steps_to(const std::vector<Step>& steps) {
    std::vector<std::size_t> next(blocks_.size(), 0);
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      blocks_[b].step = steps[b].x;
    for_bounds([&](Bound& b, double, std::size_t i) {
      const std::array<double, 3>& of_bound = steps[i].bounds[next[i]++];
      b.slack_step = of_bound[0];
      b.multiplier_step = of_bound[1];
      b.excess_step = of_bound[2];
    });
  }

  void newton(bool factorise) {
    workers_.each(blocks_.size(), [&](std::size_t b) { solve_block(blocks_[b], factorise); });
    if (factorise) factorise_links();
    couple();
    for_bounds([&](Bound& bound, double value, std::size_t b) {
      Block& block = blocks_[b];
      const double value_step = is_link(block, bound)
                                    ? link_value(b, bound.row, &Block::step)
                                    : value_of(block.program->rows[static_cast<std::size_t>(bound.row)], block.step);
      set_steps(bound, value, value_step);
    });
  }

  /// The least-squares problem of a block without its links.
  static void solve_block(Block& block, bool factorise) {
    if (factorise) block.qr = BandedQr(block.program->unknowns);
    block.weights.resize(static_cast<Index>(block.order.size()));
    block.targets.resize(block.weights.size());
    std::vector<double> targets;
    for (const std::size_t r : block.order) {
      const BandedRow& row = block.program->rows[r];
      const double value = block.row_value(r);
      double weight = row.square, pull = row.square * (row.target - value);
      const auto add = [&](Index b) {
        if (b < 0) return;
        const Bound& bound = block.bounds[static_cast<std::size_t>(b)];
        const Newton newton = newton_of(bound, value);
        weight += newton.weight;
        pull += bound.sign * (newton.weight * newton.target + bound.multiplier);
      };
      add(block.bounds_of_row[r].first);
      add(block.bounds_of_row[r].second);
      block.weights(static_cast<Index>(r)) = weight;
      block.targets(static_cast<Index>(r)) = weight > 0 ? pull / weight : 0;
      if (weight == 0) continue;
      if (factorise) block.qr.add(row, weight);
      targets.push_back(pull / weight);
    }
    block.step = block.qr.solution(targets);
    block.pull = VectorXd::Zero(block.step.size());
    block.multipliers = VectorXd::Zero(static_cast<Index>(block.near.size()));
  }

  /// Adds what a change of a block's gradient does to its step.
  static void add_step(VectorXd gradient, Block& block) {
    block.qr.forward_substitute(gradient);
    block.qr.back_substitute(gradient);
    block.step += gradient;
  }

  /// One step of iterative refinement: what is left of the gradient of a block's Newton problem, solved for.
  static void refine(Block& block) {
    VectorXd gradient = block.pull;
    for (std::size_t r = 0; r < block.order.size(); ++r) {
      const BandedRow& row = block.program->rows[r];
      const auto at = static_cast<Index>(r);
      add_row(row, block.weights(at) * (block.targets(at) - value_of(row, block.step)), gradient);
    }
    add_step(std::move(gradient), block);
  }

  /// The Schur complement over the near links: block-tridiagonal, and factorised.
  void factorise_links() {
    workers_.each(blocks_.size(), [&](std::size_t b) { invert_where_linked(b); });
    workers_.each(blocks_.size(), [&](std::size_t b) { set_schur(b); });
    for (std::size_t b = 1; b < blocks_.size(); ++b) {
      Block& block = blocks_[b];
      if (block.near.empty()) continue;
      if (coupled(b)) {
        blocks_[b - 1].diagonal.matrixL().solveInPlace(block.below);
        block.schur.selfadjointView<Eigen::Lower>().rankUpdate(block.below.transpose(), -1);
      }
      block.diagonal.compute(block.schur);
    }
  }

  void invert_where_linked(std::size_t b) {
    Block& block = blocks_[b];
    std::vector<Index>& meeting = block.meeting;
    meeting.clear();
    for (const std::size_t l : block.near)
      meeting.push_back(block.program->links[l].at);
    if (b + 1 < blocks_.size())
      for (const std::size_t l : blocks_[b + 1].near)
        meeting.push_back(blocks_[b + 1].program->links[l].at_before);
    std::ranges::sort(meeting);
    meeting.erase(std::unique(meeting.begin(), meeting.end()), meeting.end());
    block.inverse = block.qr.inverse_at(meeting);
  }

  /// The block on the diagonal, and, where two are coupled, the one below it.
  void set_schur(std::size_t b) {
    Block& block = blocks_[b];
    const auto links = static_cast<Index>(block.near.size());
    if (links == 0) return;
    const auto place = [](const std::vector<Index>& meeting, Index unknown) {
      return std::ranges::lower_bound(meeting, unknown) - meeting.begin();
    };
    const auto entry = [](const MatrixXd& inverse, Index i, Index j) {
      return inverse(std::max(i, j), std::min(i, j));
    };
    const Block& before = blocks_[b - 1];
    block.at.clear();
    block.before.clear();
    for (const std::size_t l : block.near) {
      block.at.push_back(place(block.meeting, block.program->links[l].at));
      block.before.push_back(place(before.meeting, block.program->links[l].at_before));
    }
    const auto link = [](const Block& of, Index l) -> const BandedLink& {
      return of.program->links[of.near[static_cast<std::size_t>(l)]];
    };
    const auto at = [](const std::vector<Index>& places, Index l) { return places[static_cast<std::size_t>(l)]; };
    block.schur.resize(links, links);
    for (Index j = 0; j < links; ++j)
      for (Index i = j; i < links; ++i)
        block.schur(i, j) =
            link(block, i).weight * link(block, j).weight * entry(block.inverse, at(block.at, i), at(block.at, j)) +
            link(block, i).weight_before * link(block, j).weight_before *
                entry(before.inverse, at(block.before, i), at(block.before, j));
    for (Index l = 0; l < links; ++l)
      block.schur(l, l) += 1 / newton_of(block.links[block.near[static_cast<std::size_t>(l)]], 0).weight;
    if (!coupled(b)) return;
    block.below.resize(static_cast<Index>(before.near.size()), links);
    for (Index j = 0; j < links; ++j)
      for (Index i = 0; i < block.below.rows(); ++i) {
        const BandedLink& other = link(before, i);
        block.below(i, j) = -other.weight * link(block, j).weight_before *
                            entry(before.inverse, place(before.meeting, other.at), at(block.before, j));
      }
  }

  /// Whether near links of block b and of the block before share unknowns, those of the block before.
  bool coupled(std::size_t b) const {
    return b > 1 && b < blocks_.size() && !blocks_[b].near.empty() && !blocks_[b - 1].near.empty();
  }

  /// The multipliers of the near links, and what they do to the steps; refined.
  void couple() {
    for (int round = 0; round <= kRefinements; ++round) {
      if (round > 0) workers_.each(blocks_.size(), [&](std::size_t b) { refine(blocks_[b]); });
      std::vector<VectorXd> y(blocks_.size()), pull;
      for (const Block& block : blocks_)
        pull.push_back(VectorXd::Zero(block.x.size()));
      for (std::size_t b = 1; b < blocks_.size(); ++b) {
        const Block& block = blocks_[b];
        if (block.near.empty()) continue;
        y[b].resize(static_cast<Index>(block.near.size()));
        for (Index i = 0; i < y[b].size(); ++i) {
          const auto l = static_cast<Index>(block.near[static_cast<std::size_t>(i)]);
          const Bound& bound = block.links[static_cast<std::size_t>(l)];
          const Newton newton = newton_of(bound, link_value(b, l, &Block::x));
          y[b](i) = newton.target + (bound.multiplier - block.multipliers(i)) / newton.weight -
                    link_value(b, l, &Block::step);
        }
        if (coupled(b)) y[b] -= block.below.transpose() * y[b - 1];
        block.diagonal.matrixL().solveInPlace(y[b]);
      }
      for (std::size_t b = blocks_.size(); b-- > 1;) {
        Block& block = blocks_[b];
        if (block.near.empty()) continue;
        if (coupled(b + 1)) y[b] -= blocks_[b + 1].below * y[b + 1];
        block.diagonal.matrixU().solveInPlace(y[b]);
        block.multipliers += y[b];
        for (Index i = 0; i < y[b].size(); ++i) {
          const BandedLink& link = block.program->links[block.near[static_cast<std::size_t>(i)]];
          pull[b](link.at) += y[b](i) * link.weight;
          pull[b - 1](link.at_before) -= y[b](i) * link.weight_before;
        }
      }
      workers_.each(blocks_.size(), [&](std::size_t b) {
        blocks_[b].pull += pull[b];
        add_step(std::move(pull[b]), blocks_[b]);
      });
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

  /// How far the step of a bound may go before something that has to be positive is 0.
  static double longest_step(const Bound& b) {
    const double length = std::min(longest(b.slack, b.slack_step), longest(b.multiplier, b.multiplier_step));
    if (!b.elastic()) return length;
    return std::min({length, longest(b.excess, b.excess_step), longest(b.surplus, -b.multiplier_step)});
  }

  double longest_step() {
    double length = kInfinity;
    for_bounds([&](Bound& b, double, std::size_t) { length = std::min(length, longest_step(b)); });
    return length;
  }

  /// Most of the way to the nearest bound; while a start far beyond bounds comes nearer, each block to its own nearest.
  std::vector<double> lengths_of_step(double mu) {
    const bool each = far_ && mu > limits_.first;
    std::vector<double> lengths(blocks_.size(), each ? kInfinity : longest_step());
    if (each)
      for_bounds([&](Bound& b, double, std::size_t i) {
        lengths[i] = std::min(lengths[i], longest_step(b));
        if (is_link(blocks_[i], b)) lengths[i - 1] = std::min(lengths[i - 1], longest_step(b));
      });
    const double share = std::clamp(1 - mu, kToBoundaryFirst, kToBoundaryLast);
    for (double& length : lengths)
      length = std::min(1.0, share * length);
    return lengths;
  }

  void move(const std::vector<double>& lengths) {
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      blocks_[b].x += lengths[b] * blocks_[b].step;
    for_bounds([&](Bound& b, double, std::size_t i) {
      const double length = is_link(blocks_[i], b) ? std::min(lengths[i], lengths[i - 1]) : lengths[i];
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
    links.setZero();
    for (const std::size_t l : block.near)
      links(static_cast<Index>(l)) = block.links[l].multiplier;
    result.x.push_back(block.x);
    result.lower_multipliers.push_back(lower);
    result.upper_multipliers.push_back(upper);
    result.link_multipliers.push_back(links);
  }

  BandedLimits limits_;
  Workers own_worker_{1};
  Workers& workers_;
  std::vector<Block> blocks_;
  bool far_ = false;  // the start was far beyond bounds
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
      if (program.blocks[b].rows[r].square > 0) qr.add(program.blocks[b].rows[r], program.blocks[b].rows[r].square);
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
                             const BandedLimits& limits, double unit) {
  InteriorPoint method(program, guess.x, limits);
  method.start_from(guess, complementarity, unit);
  return method.run();
}

}  // namespace strikenet
