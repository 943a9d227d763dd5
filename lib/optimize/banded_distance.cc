#include "banded_distance.h"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <functional>
#include <utility>

#include "banded_face_system.h"
#include "banded_qr.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using Quad = boost::multiprecision::cpp_bin_float_quad;
using Quads = std::vector<Quad>;

constexpr double kInfinity = BandedRow::kInfinity;
// By what held sides may give way in the matrix that is factorised: little, so that those that nearly depend on each
// other are met all the same, and not nothing, so that there is a solution.
constexpr double kGive = 1e-18, kGiveInside = 1e-20;
constexpr int kFaces = 4, kSteps = 40;
constexpr int kInteriorSteps = 40;
constexpr int kPatience = 8;  // steps in which complementarity has to become half
// Of complementarity, what a step aims at: the less the farther the step before went.
constexpr double kCentring = 0.02, kCentringMore = 0.2, kCentringMost = 0.8, kLong = 0.9, kMiddling = 0.5;
constexpr double kToBoundary = 0.995, kTooShort = 1e-5;
constexpr double kLeast = 1e-18, kEnough = 1e-20;   // complementarity: to start from, and at the end
constexpr double kFar = 1e10;                       // of a slope, over what a multiplier does: no part of the matrix
constexpr double kFarEnough = 1e-28;                // of the first step: no more are needed
constexpr double kShorter = 0.5;                    // than the step before: else they no longer help
constexpr double kCrossed = 1e-20, kWrong = 1e-18;  // of a value's terms; of the largest multiplier
constexpr double kHopeless = 1e6;  // of what is near enough: where the interior steps end no nearer, no face is tried
constexpr double kRounding = 1 + 1e-6;

using State = BandedSideState;

class Quadruple {
 public:
  Quadruple(const BandedProgram& program, const BandedSolution& solution)
      : program_(program), sides_(sides_of(program)) {
    for (const VectorXd& x : solution.x)
      x_.emplace_back(x.begin(), x.end());
    for (const BandedSide& side : sides_) {
      states_.push_back(state_of(program, side, solution));
      y_.push_back(multiplier_of(side, solution));
    }
  }

  /// Onto the face that the multipliers say; whether it arrived.
  template <class IsNear>
  bool settle(const IsNear& is_near) {
    for (std::size_t s = 0; s < sides_.size(); ++s)
      if (states_[s] != State::held) y_[s] = states_[s] == State::free ? 0 : price_of(program(), sides_[s]);
    for (int face = 0; face < kFaces; ++face) {
      if (!solve_face()) return false;
      if (is_near(*this) || !change_sides()) return true;
    }
    return false;
  }

  /// Goes on where the interior-point method stopped; whether it arrived.
  template <class IsNear>
  bool go_on(double complementarity_before, const IsNear& is_near) {
    start_inside(std::max(complementarity_before, kLeast));
    double length = 0, falls_below = kInfinity;
    for (int step = 0, since = 0; step < kInteriorSteps; ++step, ++since) {
      if (meets_hard_bounds(x_)) inside_.push_back(x_);
      const double now = complementarity().convert_to<double>();
      if (now < kEnough || (step > 0 && is_near(*this))) return true;
      if (now < falls_below) falls_below = now / 2, since = 0;
      if (since >= kPatience) return false;
      length = interior_step((length > kLong ? kCentring : length > kMiddling ? kCentringMore : kCentringMost) * now);
      if (!(length > kTooShort)) return false;
    }
    return false;
  }

  /// What |d|_H is at most.
  double squares(const std::vector<std::vector<VectorXd>>& inside, const std::vector<BandedQr>& roots) {
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const double price = price_of(program(), sides_[s]);
      if (y_[s] < 0) y_[s] = 0;
      if (y_[s] > price) y_[s] = price;
    }
    double norm = 0;
    const std::vector<VectorXd> rest = gradient();
    for (std::size_t b = 0; b < roots.size(); ++b) {
      VectorXd g = rest[b];
      roots[b].forward_substitute(g);
      norm += g.squaredNorm();
    }
    Quad products = 0;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const double price = price_of(program(), sides_[s]);
      const Quad slack = this->slack(sides_[s], x_);
      products += slack < 0 && std::isfinite(price) ? Quad((y_[s] - price) * slack) : Quad(y_[s] * slack);
    }
    const double right = products.convert_to<double>() + outside(inside);
    return kRounding * (std::sqrt(norm) + std::sqrt(norm + 2 * std::max(right, 0.0)));
  }

  /// Rounded.
  BandedSolution solution(BandedSolution like) const {
    for (std::size_t b = 0; b < x_.size(); ++b)
      for (std::size_t i = 0; i < x_[b].size(); ++i)
        like.x[b](static_cast<Index>(i)) = x_[b][i].convert_to<double>();
    for (std::size_t s = 0; s < sides_.size(); ++s)
      multiplier_of(sides_[s], like) = y_[s].convert_to<double>();
    if (!inner_.empty()) like.complementarity = complementarity().convert_to<double>();
    return like;
  }

  /// Value of the row here less that at x.
  double moved(std::size_t b, const BandedRow& row, const VectorXd& x) const {
    Quad sum = row.border * (x_[b].back() - x(x.size() - 1));
    for_coefficients(b, row, [&](Index i, double c) { sum += c * (x_[b][static_cast<std::size_t>(i)] - x(i)); });
    return sum.convert_to<double>();
  }

 private:
  const BandedProgram& program() const { return program_; }

  template <class F>
  void for_coefficients(std::size_t b, const BandedRow& row, F f) const {
    for (Index k = 0; k < BandedRow::kBand && row.first + k < program().blocks[b].unknowns; ++k)
      if (const double c = row.coefficients[static_cast<std::size_t>(k)]; c != 0) f(row.first + k, c);
  }

  Quad value(std::size_t b, const BandedRow& row, const std::vector<Quads>& x) const {
    Quad sum = row.border * x[b].back();
    for_coefficients(b, row, [&](Index i, double c) { sum += c * x[b][static_cast<std::size_t>(i)]; });
    return sum;
  }

  const BandedRow& row_of(const BandedSide& side) const {
    return program().blocks[side.block].rows[static_cast<std::size_t>(side.row)];
  }
  const BandedLink& link_of(const BandedSide& side) const {
    return program().blocks[side.block].links[static_cast<std::size_t>(side.row)];
  }

  Quad slack(const BandedSide& side, const std::vector<Quads>& x) const {
    if (!side.link) return side.sign * value(side.block, row_of(side), x) - side.bound;
    const BandedLink& link = link_of(side);
    return link.weight * x[side.block][static_cast<std::size_t>(link.at)] -
           link.weight_before * x[side.block - 1][static_cast<std::size_t>(link.at_before)];
  }

  /// Of the squares, less what the multipliers pull.
  std::vector<VectorXd> gradient() const {
    std::vector<Quads> sum;
    for (const Quads& x : x_)
      sum.emplace_back(x.size(), Quad(0));
    const auto add = [&](std::size_t b, const BandedRow& row, const Quad& factor) {
      for_coefficients(b, row, [&](Index i, double c) { sum[b][static_cast<std::size_t>(i)] += c * factor; });
      sum[b].back() += row.border * factor;
    };
    for (std::size_t b = 0; b < program().blocks.size(); ++b)
      for (const BandedRow& row : program().blocks[b].rows)
        if (row.square != 0) add(b, row, row.square * (value(b, row, x_) - row.target));
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      if (y_[s] == 0) continue;
      const BandedSide& side = sides_[s];
      if (!side.link) {
        add(side.block, row_of(side), -side.sign * y_[s]);
        continue;
      }
      const BandedLink& link = link_of(side);
      sum[side.block][static_cast<std::size_t>(link.at)] -= y_[s] * link.weight;
      sum[side.block - 1][static_cast<std::size_t>(link.at_before)] += y_[s] * link.weight_before;
    }
    std::vector<VectorXd> result;
    for (const Quads& block : sum) {
      VectorXd& rounded = result.emplace_back(static_cast<Index>(block.size()));
      for (std::size_t i = 0; i < block.size(); ++i)
        rounded(static_cast<Index>(i)) = block[i].convert_to<double>();
    }
    return result;
  }

  /// A side's part of the interior: slack - excess is what the side is off by, surplus the price less the multiplier.
  struct Inner {
    Quad slack, excess, surplus;
    Quad slack_aim, excess_aim;
  };

  bool meets_hard_bounds(const std::vector<Quads>& x) const {
    return std::ranges::all_of(sides_, [&](const BandedSide& side) {
      return std::isfinite(price_of(program(), side)) || slack(side, x) >= 0;
    });
  }

  void start_inside(double mu) {
    inner_.clear();
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const double price = price_of(program(), sides_[s]), root = std::sqrt(mu);
      const double off = slack(sides_[s], x_).convert_to<double>();
      double y = y_[s].convert_to<double>();
      Inner& inner = inner_.emplace_back();
      if (!std::isfinite(price)) {
        y = std::max(y, mu / std::max(off, root));
        inner.slack = std::max(off, mu / y);
        y_[s] = y;
        continue;
      }
      const double low = mu / std::max(off, root), high = mu / std::max(-off, root);
      y = std::clamp(y, std::min(low, price / 2), price);  // the smaller of the two as a number of its own
      const double surplus = std::max(price - y, std::min(high, price / 2));
      inner.surplus = y < price / 2 ? Quad(price) - y : Quad(surplus);
      y_[s] = price - inner.surplus;
      y = y_[s].convert_to<double>();
      inner.slack = off > 0 ? std::max(off, mu / y) : mu / y;
      inner.excess = off < 0 ? std::max(-off, mu / surplus) : mu / surplus;
    }
  }

  Quad complementarity() const {
    Quad sum = 0;
    double count = 0;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      sum += y_[s] * inner_[s].slack + inner_[s].excess * inner_[s].surplus;
      count += std::isfinite(price_of(program(), sides_[s])) ? 2 : 1;
    }
    return sum / count;
  }

  /// How far of the way it goes.
  double interior_step(double mu) {
    std::vector<BandedSide> near;
    std::vector<std::size_t> index;
    std::vector<double> slopes, all(sides_.size()), targets(sides_.size());
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const Inner& in = inner_[s];
      const bool elastic = std::isfinite(price_of(program(), sides_[s]));
      Quad slope = in.slack / y_[s],
           target = (mu - in.slack * y_[s]) / y_[s] - (slack(sides_[s], x_) - in.slack + in.excess);
      if (elastic) {
        slope += in.excess / in.surplus;
        target -= (mu - in.excess * in.surplus) / in.surplus;
      }
      all[s] = slope.convert_to<double>();
      targets[s] = target.convert_to<double>();
      const double largest = largest_coefficient(program(), sides_[s]);
      if (all[s] > kFar * largest * largest) continue;
      near.push_back(sides_[s]);
      index.push_back(s);
      slopes.push_back(all[s]);
    }
    const BandedFaceSystem system(program(), squares_of_rows(), std::move(near), kGiveInside, slopes);
    if (!system.regular()) return 0;
    BandedFaceSystem::Right right = system.zero();
    right.function = gradient();
    for (VectorXd& g : right.function)
      g = -g;
    for (std::size_t e = 0; e < index.size(); ++e)
      right.targets(static_cast<Index>(e)) = targets[index[e]];
    const BandedFaceSystem::Solution found = system.solve(right);
    for (const VectorXd& u : found.u)
      if (!u.allFinite()) return 0;
    return move(found, index, all, targets, mu);
  }

  double move(const BandedFaceSystem::Solution& found, const std::vector<std::size_t>& index,
              const std::vector<double>& slopes, const std::vector<double>& targets, double mu) {
    Quads dy(sides_.size()), dslack(sides_.size()), dexcess(sides_.size());
    std::vector<Quads> u;
    for (const VectorXd& block : found.u)
      u.emplace_back(block.begin(), block.end());
    std::vector<bool> known(sides_.size(), false);
    for (std::size_t e = 0; e < index.size(); ++e) {
      dy[index[e]] = found.multipliers(static_cast<Index>(e));
      known[index[e]] = true;
    }
    double longest = kInfinity;
    const auto keep = [&](const Quad& at, const Quad& by) {
      if (by < 0) longest = std::min(longest, Quad(-at / by).convert_to<double>());
    };
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      Inner& in = inner_[s];
      if (!known[s]) dy[s] = (targets[s] - (slack(sides_[s], u) + sides_[s].bound)) / slopes[s];
      dslack[s] = (mu - in.slack * y_[s] - in.slack * dy[s]) / y_[s];
      keep(in.slack, dslack[s]);
      keep(y_[s], dy[s]);
      if (!std::isfinite(price_of(program(), sides_[s]))) continue;
      dexcess[s] = (mu - in.excess * in.surplus + in.excess * dy[s]) / in.surplus;
      keep(in.excess, dexcess[s]);
      keep(in.surplus, -dy[s]);
    }
    const double length = std::min(1.0, kToBoundary * longest);
    for (std::size_t b = 0; b < x_.size(); ++b)
      for (std::size_t i = 0; i < x_[b].size(); ++i)
        x_[b][i] += length * u[b][i];
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      y_[s] += length * dy[s];
      inner_[s].slack += length * dslack[s];
      inner_[s].excess += length * dexcess[s];
      inner_[s].surplus -= length * dy[s];
    }
    return length;
  }

  std::vector<VectorXd> squares_of_rows() const {
    std::vector<VectorXd> squares;
    for (const BandedBlock& block : program().blocks) {
      VectorXd& own = squares.emplace_back(static_cast<Index>(block.rows.size()));
      for (std::size_t r = 0; r < block.rows.size(); ++r)
        own(static_cast<Index>(r)) = block.rows[r].square;
    }
    return squares;
  }

  /// The face, to as many digits as there are.
  bool solve_face() {
    auto [held, index] = held_of(sides_, states_);
    const BandedFaceSystem system(program(), squares_of_rows(), std::move(held), kGive);
    if (!system.regular()) return false;
    double before = kInfinity, first = 0;
    for (int step = 0; step < kSteps; ++step) {
      BandedFaceSystem::Right right = system.zero();
      right.function = gradient();
      for (VectorXd& g : right.function)
        g = -g;
      for (std::size_t e = 0; e < index.size(); ++e)
        right.targets(static_cast<Index>(e)) = -slack(sides_[index[e]], x_).convert_to<double>();
      const BandedFaceSystem::Solution found = system.solve(right);
      double largest = 0;
      for (const VectorXd& u : found.u) {
        if (!u.allFinite()) return false;
        largest = std::max(largest, u.cwiseAbs().maxCoeff());
      }
      if (largest > kShorter * before) break;
      for (std::size_t b = 0; b < x_.size(); ++b)
        for (std::size_t i = 0; i < x_[b].size(); ++i)
          x_[b][i] += found.u[b](static_cast<Index>(i));
      for (std::size_t e = 0; e < index.size(); ++e)
        y_[index[e]] += found.multipliers(static_cast<Index>(e));
      if (step == 0) first = std::max(largest, 1e-12);
      before = largest;
      if (largest <= kFarEnough * first) break;
    }
    return true;
  }

  /// Whether any was wrong.
  bool change_sides() {
    Quad largest = 1;
    for (const Quad& y : y_)
      largest = std::max<Quad>(largest, abs(y));
    const Quad wrong = kWrong * largest;
    bool any = false;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const Quad off = slack(sides_[s], x_), price = price_of(program(), sides_[s]);
      const double over = kCrossed * std::max(largest_coefficient(program(), sides_[s]), 1.0);
      State to = states_[s];
      if ((to == State::free && off < -over) || (to == State::paid && off > over))
        to = State::held;
      else if (to == State::held && y_[s] < -wrong)
        to = State::free;
      else if (to == State::held && y_[s] > price + wrong)
        to = State::paid;
      if (to == states_[s]) continue;
      any = true;
      states_[s] = to;
      if (to == State::free) y_[s] = 0;
      if (to == State::paid) y_[s] = price;
    }
    return any;
  }

  Quad cost(const std::vector<Quads>& x) const {
    Quad sum = 0;
    for (std::size_t b = 0; b < program().blocks.size(); ++b)
      for (const BandedRow& row : program().blocks[b].rows)
        if (row.square != 0) {
          const Quad off = value(b, row, x) - row.target;
          sum += row.square / 2 * off * off;
        }
    for (const BandedSide& side : sides_)
      if (const double price = price_of(program(), side); std::isfinite(price))
        if (const Quad beyond = -slack(side, x); beyond > 0) sum += price * beyond;
    return sum;
  }

  /// What it costs at most to meet all hard bounds: on the way to a point that does, as far as one has to go.
  double outside(const std::vector<std::vector<VectorXd>>& inside) const {
    if (meets_hard_bounds(x_)) return 0;
    std::vector<std::vector<Quads>> points = inside_;
    for (const std::vector<VectorXd>& point : inside) {
      std::vector<Quads>& x = points.emplace_back();
      for (const VectorXd& block : point)
        x.emplace_back(block.begin(), block.end());
    }
    double least = kInfinity;
    for (std::vector<Quads>& x : points) {
      Quad share = 0;
      for (const BandedSide& side : sides_) {
        if (std::isfinite(price_of(program(), side))) continue;
        const Quad beyond = -slack(side, x_), spare = slack(side, x);
        if (spare < 0 || (beyond > 0 && !(spare > 0))) share = 2;
        if (beyond > 0 && share < 2) share = std::max<Quad>(share, beyond / (beyond + spare));
      }
      if (share > 1) continue;
      for (std::size_t b = 0; b < x.size(); ++b)
        for (std::size_t i = 0; i < x[b].size(); ++i)
          x[b][i] = x_[b][i] + share * (x[b][i] - x_[b][i]);
      least = std::min(least, std::max(0.0, Quad(cost(x) - cost(x_)).convert_to<double>()));
    }
    return least;
  }

  std::reference_wrapper<const BandedProgram> program_;
  std::vector<BandedSide> sides_;
  std::vector<State> states_;
  std::vector<Quads> x_;
  Quads y_;
  std::vector<Inner> inner_;
  std::vector<std::vector<Quads>> inside_;  // where it met all hard bounds
};

/// Of the squares of each block, in which distances are measured.
std::vector<BandedQr> roots_of(const BandedProgram& program) {
  std::vector<BandedQr> roots;
  for (const BandedBlock& block : program.blocks) {
    BandedQr& qr = roots.emplace_back(block.unknowns);
    for (const std::size_t r : by_first(block.rows))
      if (block.rows[r].square > 0) qr.add(block.rows[r], block.rows[r].square);
  }
  return roots;
}

/// |a| of each row; 0 where nothing is asked.
std::vector<VectorXd> reaches_of(const BandedProgram& program, const std::vector<BandedQr>& roots,
                                 const NearEnough& enough) {
  std::vector<VectorXd> reaches;
  for (std::size_t b = 0; b < roots.size(); ++b) {
    const std::vector<BandedRow>& rows = program.blocks[b].rows;
    VectorXd& own = reaches.emplace_back(VectorXd::Zero(static_cast<Index>(rows.size())));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto at = static_cast<Index>(r);
      if (!enough.empty() && !std::isfinite(enough[b](at))) continue;
      VectorXd a = VectorXd::Zero(program.blocks[b].unknowns + 1);
      add_row(rows[r], 1, a);
      roots[b].forward_substitute(a);
      own(at) = a.norm();
    }
  }
  return reaches;
}

/// What |d|_H may be for every row to be near enough.
double squares_enough(const std::vector<VectorXd>& reaches, const NearEnough& enough) {
  double result = enough.empty() ? 0 : kInfinity;
  for (std::size_t b = 0; b < enough.size(); ++b)
    for (Index r = 0; r < reaches[b].size(); ++r)
      if (reaches[b](r) > 0) result = std::min(result, enough[b](r) / (kRounding * reaches[b](r)));
  return result;
}

}  // namespace

BandedDistance distance_to_minimum(const BandedProgram& program, const BandedSolution& solution,
                                   const std::vector<std::vector<VectorXd>>& inside, const NearEnough& enough) {
  const std::vector<BandedQr> roots = roots_of(program);
  const std::vector<VectorXd> reaches = reaches_of(program, roots, enough);
  const double near_enough = squares_enough(reaches, enough);
  const Quadruple given(program, solution);
  Quadruple nearest = given;
  BandedDistance result;
  result.squares = nearest.squares(inside, roots);
  result.settled = result.squares <= near_enough;
  const auto is_near = [&](Quadruple at) { return near_enough > 0 && at.squares(inside, roots) <= near_enough; };
  const auto take = [&](Quadruple near, bool arrived) {
    const double squares = near.squares(inside, roots);
    result.settled = arrived && std::isfinite(squares);
    if (!(squares < result.squares)) return;
    result.squares = squares;
    nearest = std::move(near);
  };
  if (Quadruple interior = given; !result.settled) {
    const bool arrived = interior.go_on(solution.complementarity, is_near);
    take(std::move(interior), arrived);
  }
  const bool needs_face = !(result.squares <= near_enough);
  const bool hopeless = near_enough > 0 && !(result.squares <= kHopeless * near_enough);
  if (Quadruple on_face = given; needs_face && !hopeless && on_face.settle(is_near)) take(std::move(on_face), true);
  result.near = nearest.solution(solution);
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    const std::vector<BandedRow>& rows = program.blocks[b].rows;
    VectorXd& of_rows = result.of_rows.emplace_back(VectorXd::Zero(reaches[b].size()));
    VectorXd& moved = result.moved.emplace_back(of_rows);
    for (Index r = 0; r < of_rows.size(); ++r) {
      if (!(reaches[b](r) > 0)) continue;
      const BandedRow& row = rows[static_cast<std::size_t>(r)];
      of_rows(r) = std::abs(nearest.moved(b, row, result.near.x[b])) + kRounding * reaches[b](r) * result.squares;
      moved(r) = std::abs(nearest.moved(b, row, solution.x[b]));
    }
  }
  return result;
}

}  // namespace strikenet
