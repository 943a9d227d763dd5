#include "joint_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "calendar_order.h"
#include "core/parallel.h"
#include "optimize/banded_active_set.h"
#include "optimize/banded_distance.h"
#include "optimize/banded_face.h"
#include "optimize/ceres_loss.h"
#include "priors.h"
#include "strikenet/core/black.h"
#include "strikenet/surface/call_curve.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kInfinity = BandedRow::kInfinity;

// The terms of the objective, per half spread (see fit_smile.h), and what keeps every unknown determined.
constexpr double kMidWeight = 0.1;     // of squared distances from middles; 1 in the first problem
constexpr double kOutside = 1e5;       // of a half spread outside a band: above every multiplier
constexpr double kOutsideAlone = 100;  // where nothing else is asked
constexpr double kOutsideAllowance = 1e9;
constexpr double kRounding = 1e-7;     // half spreads outside a band that count as inside
constexpr double kMoreAllowed = 3e-7;  // of what quotes miss their bands by on average: what each may miss it by more
constexpr double kFarOutside = 1;      // half spreads, on average: first solutions from which nobody need try
constexpr double kRoughness = 0.008;   // times (units within half a total vol)^2.5
constexpr double kRidge = 1e-4;
constexpr double kPriorFloor = 1e-11, kTinyFloor = 1e-30, kHole = 1e-6;
constexpr double kLockedHalf = 1e-3;  // of the at-the-money price: half a band that has no width

// Of quotes without a spread, in units of kVolScale total vols.
constexpr double kLargest = 1e6;  // of the largest error, while it is sought
constexpr double kSlack = 1.004;  // by which it is held afterwards
constexpr double kHeldAtLeast = 3e-3;
constexpr double kSquares = 300, kSquaresBefore = 1;
constexpr int kLargestPasses = 3, kRobustPasses = 8;
// How far a quoted price may be from its optimum: forwards; or half spreads, or kVolScale total vols.
constexpr double kFarthest = 1e-8, kFarthestOfUnit = 0.1;
constexpr double kBeyondReach = 1e9;     // gaps from which quadruple precision did not arrive, and was long about it
constexpr double kNothingKnown = 1;      // forwards
constexpr double kSought = 0.9;          // of that: what distances are sought to
constexpr double kShareOfPriors = 1e-3;  // in laws that are to be inside all bounds
constexpr int kCeresIterations = 300;
constexpr double kNoWorse = 2;  // gaps of two points at the same minimum, which are rounding

// How near to its minimum a problem is solved. Of distances alone: to a share of their total. Where quotes may be
// inside: or until half of what is paid has to be, so that not all of them can. Where errors are held: or to a share of
// what the bounds cost whose multipliers would be above kOutside.
constexpr BandedLimits kEnough{.iterations = 200, .complementarity = 1e-7, .step = 1e-5, .of_charged = 3e-7};
constexpr BandedLimits kUnlessFar{.of_charged = 0.5};
constexpr BandedLimits kHeld{.of_charged = 1e-7};
// Where quotes contradict each other and miss by half a spread on average; where they miss by more, the limit of steps
// is larger in proportion, and that of complementarity in proportion to the square, as squares are.
constexpr BandedLimits kAllowed{.iterations = 200, .fair_complementarity = 1e-4, .fair_step = 1e-2};
// Of largest errors: a share of the first complementarity; and of the last step, in units of errors.
constexpr double kLargestEnough = 1e-8, kLargestStep = 0.1;
// Complementarity to start from near a solution; near that of distances alone, in its unit of multipliers, where
// allowances are thin against the slacks that this gives.
constexpr double kWarm = 1e-4, kWarmAllowed = 1e-3;

/// first: middles alone. bands: the objective. feasible: distances from bands alone. largest: the largest error of
/// quotes without a spread. held: the objective, errors no larger than the largest. losses: the objective, with a loss
/// instead.
enum class Stage { first, bands, feasible, largest, held, losses };

bool has_spreads(const Smile& smile) { return std::ranges::any_of(smile.bands, &StrikeBand::has_spread); }

/// The weights smoothed over five units, nowhere less than `floor` of the largest, nor than kHole of what would carry
/// the hinge sum at their node alone.
VectorXd smoothed(const Smile& smile, const VectorXd& weights, double floor) {
  VectorXd result = spread_over_five(weights);
  const VectorXd sums = out_of_the_money_sums(smile.nodes, result);
  for (Index j = 0; j < result.size(); ++j)
    result(j) = std::max(result(j), kHole * sums(j) / node_width(smile.nodes, static_cast<std::size_t>(j)));
  return floored(result, floor);
}

/// Nodes within a total vol of the money, on average of both sides.
double units_a_vol(const Smile& smile) {
  const auto within = std::ranges::count_if(
      smile.nodes, [&](double node) { return std::abs(std::log(std::max(node, 1e-300))) < smile.total_vol; });
  return std::max(1.0, static_cast<double>(within) / 2);
}

/// The row of scale * form.
BandedRow row_of(const HingeSums::Form& form, double scale) {
  BandedRow row = form.row;
  for (double& coefficient : row.coefficients)
    coefficient *= scale;
  return row;
}

/// Where the vol of a quote without a spread is linearised: (vol(c) - vol_quote) / scale = (c - price) / half.
struct VolTarget {
  double price, half;
  bool has_vol = true;
};

VolTarget vol_target(const Smile& smile, const StrikeBand& band, double model_price) {
  const Forward one(1);
  const Strike strike(band.k);
  const double scale = kVolScale * smile.total_vol;
  const ImpliedVol quoted = implied_total_vol(band.side, one, strike, Price(band.mid));
  if (quoted.broken != PriceBound::none || !(quoted.vol.value() > 0))  // no vol: as if at the money
    return {band.mid, black_vega(one, Strike(1), TotalVol(smile.total_vol)) * scale, false};
  const double vega = std::max(black_vega(one, strike, quoted.vol), 1e-300);
  if (!(model_price > 0)) return {band.mid, vega * scale};
  const ImpliedVol model = implied_total_vol(band.side, one, strike, Price(model_price));
  const double error = model.vol.value() - quoted.vol.value();
  if (model.broken != PriceBound::none || !(std::abs(error) < quoted.vol.value() / 2)) return {band.mid, vega * scale};
  const double slope = std::max(black_vega(one, strike, model.vol), 1e-300);
  return {model_price - slope * error, slope * scale};
}

/// The unit of distances from a band.
double half_of(const StrikeBand& band, const Smile& smile) {
  return band.has_spread() ? band.half : kLockedHalf * smile.total_vol;
}

class BlockBuilder {
 public:
  BlockBuilder(const FittedSmile& slice, const HingeSums& sums, const FitOptions& options, Stage stage)
      : slice_(slice), sums_(sums), options_(options), stage_(stage) {
    block_.unknowns = sums.unknowns();
  }

  /// What the tags of the rows mean.
  std::vector<QuoteRow> tags() && { return std::move(tags_); }
  std::vector<std::size_t> band_row() && { return std::move(band_row_); }

  BandedBlock block() && {
    add_smoothness();
    if (stage_ == Stage::feasible)
      for (const StrikeBand& quote : slice_.quotes)
        add_band(quote, 0, {});
    for (std::size_t i = 0; i < slice_.smile.bands.size() && stage_ != Stage::feasible; ++i) {
      band_row_.push_back(block_.rows.size());
      if (has_spreads(slice_.smile))
        add_band(slice_.smile.bands[i], slice_.allowed.empty() ? 0 : slice_.allowed[i], i);
      else
        add_price(slice_.smile.bands[i], i);
    }
    if (stage_ == Stage::largest && !has_spreads(slice_.smile)) {
      BandedRow largest;
      largest.border = 1;  // kLargest border + 1/2 border^2, but for a constant
      largest.square = 1;
      largest.target = -kLargest;
      block_.rows.push_back(largest);
    }
    return std::move(block_);
  }

 private:
  /// allowed: half spreads by which the model may lie above, or, negative, below.
  void add_band(const StrikeBand& band, double allowed, std::optional<std::size_t> index) {
    const HingeSums::Form form = sums_.price(band.k);
    const double half = half_of(band, slice_.smile);
    const double scale = 1 / half, constant = scale * form.constant;
    BandedRow row = row_of(form, scale);
    if (band.has_mid && stage_ != Stage::feasible) {
      row.square = stage_ == Stage::first ? 1 : kMidWeight;
      row.target = scale * band.mid - constant;
      if (index) tag(row, {*index, scale, form.constant, false});
    }
    if (stage_ != Stage::first || !band.has_mid) {
      row.lower = scale * band.low - constant + std::min(allowed, 0.0);
      row.upper = scale * band.high - constant + std::max(allowed, 0.0);
      row.price = stage_ == Stage::feasible ? kOutsideAlone : allowed_anywhere_ ? kOutsideAllowance : kOutside;
    }
    block_.rows.push_back(row);
  }

  void add_price(const StrikeBand& band, std::size_t index) {
    const HingeSums::Form form = sums_.price(band.k);
    const bool started = stage_ != Stage::first;
    const double price = started ? value_of(form.row, x_before()) + form.constant : 0;
    const VolTarget target = vol_target(slice_.smile, band, price);
    const double scale = 1 / target.half;
    BandedRow row = row_of(form, scale);
    row.target = scale * (target.price - form.constant);
    row.square = stage_ == Stage::largest ? kSquaresBefore : kSquares / (1 + slice_.largest_error);
    tag(row, {index, scale, form.constant, target.has_vol});
    if (stage_ == Stage::held) {
      hold(row, band, target, form.constant);
    }
    block_.rows.push_back(row);
    if (stage_ != Stage::largest) return;
    row.tag = -1;
    row.square = 0;
    row.border = -1;
    row.upper = row.target;
    block_.rows.push_back(row);
    row.border = 1;
    row.upper = kInfinity;
    row.lower = row.target;
    block_.rows.push_back(row);
  }

  /// Within held_error of the quote: in vol that is a band of prices, whatever the solution before was.
  void hold(BandedRow& row, const StrikeBand& band, const VolTarget& target, double constant) const {
    const double held = held_error(slice_), scale = 1 / target.half;
    row.lower = row.target - held;
    row.upper = row.target + held;
    row.price = kOutside;
    if (!target.has_vol) return;
    const Forward one(1);
    const Strike strike(band.k);
    const double vol = implied_total_vol(band.side, one, strike, Price(band.mid)).vol.value(),
                 error = held * kVolScale * slice_.smile.total_vol;
    const auto price = [&](double at) {
      return black_price(band.side, one, strike, TotalVol(std::max(at, 0.0))).value();
    };
    row.lower = scale * (price(vol - error) - constant);
    row.upper = scale * (price(vol + error) - constant);
  }

  void add_smoothness() {
    const Smile& smile = slice_.smile;
    std::vector<HingeSums::Form> weights;
    for (Index j = 0; j < smile.units(); ++j)
      weights.push_back(sums_.relative_weight(j));
    const bool at_quotes = options_.activation == Activation::relu && options_.units == 0 && options_.knots.empty();
    const double ridge = (at_quotes ? 1e-3 : stage_ == Stage::feasible ? 0.02 : 1) * kRidge;
    for (const HingeSums::Form& form : weights) {
      BandedRow row = form.row;
      row.square = ridge * ridge;
      row.target = 1 - form.constant;
      row.lower = -form.constant;
      block_.rows.push_back(row);
    }
    const double weight = options_.smoothness * kRoughness * std::pow(units_a_vol(smile), 2.5);
    if (at_quotes || weight == 0 || stage_ == Stage::feasible) return;
    constexpr std::array<double, 4> third{-1, 3, -3, 1};
    for (std::size_t j = 0; j + 3 < weights.size(); ++j) {
      const HingeSums::Form form = HingeSums::combination(std::span(weights).subspan(j, 4), third);
      BandedRow row = row_of(form, weight);
      row.square = 1;
      row.target = -weight * form.constant;
      block_.rows.push_back(row);
    }
  }

  /// The square is less where a robust loss says so.
  void tag(BandedRow& row, const QuoteRow& quote) {
    row.tag = static_cast<std::ptrdiff_t>(tags_.size());
    if (!slice_.trust.empty()) row.square *= slice_.trust[quote.band];
    tags_.push_back(quote);
  }

  const VectorXd& x_before() {
    if (x_before_.size() == 0) x_before_ = sums_.from_weights(slice_.weights);
    return x_before_;
  }

  const FittedSmile& slice_;
  const bool allowed_anywhere_ = std::ranges::any_of(slice_.allowed, [](double allowed) { return allowed != 0; });
  const HingeSums& sums_;
  const FitOptions& options_;
  Stage stage_;
  VectorXd x_before_;
  BandedBlock block_;
  std::vector<QuoteRow> tags_;
  std::vector<std::size_t> band_row_;
};

void solve_alone(FittedSmile& slice, const FitOptions& options) {
  slice.prior = student_prior(slice.smile, kTinyFloor);
  const HingeSums sums(slice.smile, slice.prior);
  BandedProgram program;
  program.blocks.push_back(BlockBuilder(slice, sums, options, Stage::first).block());
  VectorXd start = VectorXd::Ones(sums.unknowns() + 1);
  const BandedSolution solution = minimise(program, {start}, {.complementarity = 1e-6, .step = 1e-4});
  slice.alone = sums.weights(solution.x.front()).cwiseMax(0);
}

/// Each inner node's hinge sum at least that of the expiry before, in units of the larger of the two priors'.
std::vector<BandedLink> links_between(const HingeSums& before, const HingeSums& after) {
  std::vector<BandedLink> links;
  for (Index node = 1; node <= after.unknowns(); ++node) {
    const double own = after.scale(node), other = before.scale(node), unit = std::max(own, other);
    links.push_back({node - 1, node - 1, own / unit, other / unit});
  }
  return links;
}

void order_priors(std::vector<FittedSmile>& slices) {
  VectorXd sums_before;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    VectorXd sums = out_of_the_money_sums(slices[n].smile.nodes, slices[n].weights);
    if (n > 0)
      slices[n].weights = larger_of(slices[n].smile.nodes, slices[n].weights, slices[n - 1].weights, sums_before, sums);
    sums_before = sums;
  }
}

/// The border unknown that makes every bound that it is part of hold at x.
double largest_error(const BandedBlock& block, const VectorXd& x) {
  double largest = 0;
  for (const BandedRow& row : block.rows)
    if (row.border < 0)
      largest = std::max(largest, value_of(row, x) - row.upper);
    else if (std::isfinite(row.lower) && row.border > 0)
      largest = std::max(largest, row.lower - value_of(row, x));
  return 1.1 * largest;
}

void take_weights(const JointProgram& joint, Stage stage, std::vector<FittedSmile>& slices) {
  for (std::size_t n = 0; n < slices.size(); ++n) {
    slices[n].weights = joint.sums[n].weights(joint.solution.x[n]).cwiseMax(0);
    if (stage == Stage::largest) slices[n].largest_error = std::max(0.0, joint.solution.x[n](joint.sums[n].unknowns()));
  }
}

/// The errors of tagged rows in vol, or in half spreads, instead of their linearisations.
std::function<Bent(std::size_t, std::ptrdiff_t, double)> bend_of(const JointProgram& joint,
                                                                 const std::vector<FittedSmile>& slices) {
  return
      [&](std::size_t block, std::ptrdiff_t tag, double value) { return error_of(joint, slices, block, tag, value); };
}

/// How far each band's price lies above it, or, negative, below, in half spreads.
std::vector<double> distances(const FittedSmile& slice) {
  const CallCurve curve(slice.smile.activation, slice.smile.knots,
                        std::vector<double>(slice.weights.begin(), slice.weights.end()));
  std::vector<double> result;
  for (const StrikeBand& band : slice.smile.bands) {
    const double price = band.side == OptionType::put ? curve.put(band.k) : curve.call(band.k);
    const double half = half_of(band, slice.smile);
    const double above = (price - band.high) / half, below = (price - band.low) / half;
    result.push_back(above > kRounding ? above : below < -kRounding ? below : 0);
  }
  return result;
}

/// From a solution that is nearly the minimum to the minimum; false where it is not that near.
bool finish_on_face(JointProgram& joint, std::vector<FittedSmile>& slices) {
  const bool vols = std::ranges::any_of(slices, [](const FittedSmile& slice) { return !has_spreads(slice.smile); });
  ActiveSetLimits limits;
  if (vols) limits.bend = bend_of(joint, slices);
  ActiveSetSolution found = minimise_by_active_set(joint.program, joint.solution, limits);
  if (!found.optimal) return false;
  joint.before_faces = std::exchange(joint.solution, std::move(found.solution)).x;
  joint.faces = found.faces;
  take_weights(joint, Stage::bands, slices);
  return true;
}

JointProgram joint_program(const std::vector<FittedSmile>& slices, const FitOptions& options, Stage stage) {
  JointProgram joint;
  joint.sums.reserve(slices.size());
  for (const FittedSmile& slice : slices) {
    const Stage own = has_spreads(slice.smile) && stage != Stage::feasible ? Stage::bands : stage;
    joint.sums.emplace_back(slice.smile,
                            stage == Stage::feasible ? student_prior(slice.smile, kTinyFloor) : slice.prior);
    BlockBuilder builder(slice, joint.sums.back(), options, own);
    joint.program.blocks.push_back(std::move(builder).block());
    if (joint.sums.size() > 1)
      joint.program.blocks.back().links = links_between(joint.sums[joint.sums.size() - 2], joint.sums.back());
    joint.tags.push_back(std::move(builder).tags());
    joint.band_row.push_back(std::move(builder).band_row());
  }
  return joint;
}

/// The solution before in the unknowns of a problem with other priors, bands and links. Multipliers stay what they are
/// for a price, a weight, or a hinge sum; those of an expiry with other strikes are not known.
BandedSolution carried_over(const JointProgram& before, const JointProgram& joint) {
  BandedSolution guess = before.solution;
  for (std::size_t n = 0; n < joint.sums.size(); ++n) {
    const HingeSums &was = before.sums[n], &is = joint.sums[n];
    const BandedBlock &block_before = before.program.blocks[n], &block = joint.program.blocks[n];
    for (Index i = 0; i < is.unknowns(); ++i)
      guess.x[n](i) *= was.scale(i + 1) / is.scale(i + 1);
    const auto rows = static_cast<Index>(block.rows.size());
    VectorXd lower = VectorXd::Zero(rows), upper = lower;
    for (Index j = 0; j < is.prior().size(); ++j)  // the first rows
      lower(j) = before.solution.lower_multipliers[n](j) * is.prior()(j) / was.prior()(j);
    if (before.band_row[n] == joint.band_row[n])
      for (const std::size_t r : joint.band_row[n]) {
        const auto at = static_cast<Index>(r);
        const std::ptrdiff_t tag_before = block_before.rows[r].tag, tag = block.rows[r].tag;
        const double unit = tag < 0 || tag_before < 0 ? 1
                                                      : before.tags[n][static_cast<std::size_t>(tag_before)].scale /
                                                            joint.tags[n][static_cast<std::size_t>(tag)].scale;
        lower(at) = unit * before.solution.lower_multipliers[n](at);
        upper(at) = unit * before.solution.upper_multipliers[n](at);
      }
    guess.lower_multipliers[n] = lower;
    guess.upper_multipliers[n] = upper;
    for (std::size_t l = 0; l < block.links.size(); ++l) {
      const Index node = block.links[l].at + 1;
      const double unit_before = was.scale(node) / block_before.links[l].weight,
                   unit = is.scale(node) / block.links[l].weight;
      guess.link_multipliers[n](static_cast<Index>(l)) *= unit / unit_before;
    }
  }
  return guess;
}

/// From the solution before; none where the active set does not arrive.
std::optional<JointProgram> solve_from(const JointProgram& before, std::vector<FittedSmile>& slices,
                                       const FitOptions& options, Stage stage, Workers& workers) {
  JointProgram joint = joint_program(slices, options, stage);
  BandedLimits limits;
  limits.workers = &workers;
  joint.solution = minimise_from(joint.program, carried_over(before, joint), kWarm, limits);
  if (!joint.solution.optimal) return std::nullopt;
  take_weights(joint, Stage::bands, slices);
  if (!finish_on_face(joint, slices)) return std::nullopt;
  return joint;
}

/// What prices lie outside their bands by, in half spreads in total.
struct Misses {
  double total = 0, count = 0, bands = 0;

  double mean() const { return count > 0 ? total / count : 0; }
  bool far() const { return total > kFarOutside * bands; }
};

Misses misses_of(const std::vector<FittedSmile>& slices) {
  Misses misses;
  for (const FittedSmile& slice : slices)
    if (has_spreads(slice.smile))
      for (const double distance : distances(slice)) {
        misses.total += std::abs(distance);
        misses.count += distance != 0;
        ++misses.bands;
      }
  return misses;
}

bool any_outside(const std::vector<FittedSmile>& slices) { return misses_of(slices).count > 0; }

/// On average of the bands that may be missed, in half spreads.
double mean_allowed(const std::vector<FittedSmile>& slices) {
  Misses allowed;
  for (const FittedSmile& slice : slices)
    for (const double by : slice.allowed) {
      allowed.total += std::abs(by);
      allowed.count += by != 0;
    }
  return allowed.mean();
}

/// The complementarity of largest errors that cost kLargest each, shared by the bounds that hold them.
double first_of_largest(const std::vector<VectorXd>& start, const BandedProgram& program) {
  double cost = 0, bounds = 0;
  for (std::size_t b = 0; b < start.size(); ++b) {
    cost += kLargest * start[b](start[b].size() - 1);
    for (const BandedRow& row : program.blocks[b].rows)
      bounds += std::isfinite(row.lower) + std::isfinite(row.upper);
  }
  return cost / bounds;
}

/// How near to its minimum a problem of this stage is solved.
BandedLimits limits_of(Stage stage, const std::vector<FittedSmile>& slices) {
  if (stage == Stage::feasible) return kEnough;
  if (const double allowed = mean_allowed(slices); allowed > 0) {
    const double missed = std::max(1.0, allowed);
    BandedLimits limits = kAllowed;
    limits.fair_complementarity *= missed * missed;
    limits.fair_step *= missed;
    return limits;
  }
  if (stage != Stage::bands) return kHeld;
  return slices.front().allowed.empty() ? kUnlessFar : BandedLimits{};  // known: all quotes can be inside
}

/// Takes the solution of a problem, and where it is the last one goes from there to the minimum.
void take_solution(BandedSolution solution, Stage stage, const FitOptions& options, JointProgram& joint,
                   std::vector<FittedSmile>& slices) {
  joint.solution = std::move(solution);
  take_weights(joint, stage, slices);
  const bool robust = options.loss.value_or(Loss::squared) != Loss::squared;
  if (robust || stage != Stage::bands || !joint.solution.optimal) return;  // vols are linearised once more first
  if (mean_allowed(slices) > 0 || !any_outside(slices)) finish_on_face(joint, slices);
}

JointProgram solve_jointly(std::vector<FittedSmile>& slices, const FitOptions& options, Stage stage, Workers& workers) {
  JointProgram joint = joint_program(slices, options, stage);
  std::vector<VectorXd> start;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    start.push_back(joint.sums[n].from_weights(slices[n].weights));
    start.back()(start.back().size() - 1) = largest_error(joint.program.blocks[n], start.back());
  }
  BandedLimits limits = limits_of(stage, slices);
  limits.workers = &workers;
  if (stage == Stage::largest) {
    limits.first = first_of_largest(start, joint.program);
    limits.complementarity = kLargestEnough * limits.first;
    limits.step = kLargestStep;
  }
  take_solution(minimise(joint.program, start, limits), stage, options, joint, slices);
  return joint;
}

/// The least total distance of all quotes, by which each band is widened, and a little more. Where that is 0 nothing
/// is.
JointProgram allow_what_is_missed(std::vector<FittedSmile>& slices, const FitOptions& options, Workers& workers) {
  JointProgram least = solve_jointly(slices, options, Stage::feasible, workers);
  order_priors(slices);
  const Misses misses = misses_of(slices);
  const double more = std::max(kRounding, kMoreAllowed * misses.mean());
  for (FittedSmile& slice : slices) {
    slice.allowed = distances(slice);
    if (misses.count == 0) continue;
    for (double& by : slice.allowed)
      if (by != 0) by += std::copysign(more, by);
    slice.prior = (slice.prior + smoothed(slice.smile, slice.weights, kPriorFloor)) / 2;  // no holes where weight is
  }
  return least;
}

/// What pulls a slice's price at each band's strike where distances alone are least, in multipliers a forward.
std::vector<double> pulls_of_quotes(const FittedSmile& slice, std::size_t n, const BandedSolution& least) {
  const std::vector<StrikeBand>& bands = slice.smile.bands;
  std::vector<double> pulls(bands.size(), 0.0);
  for (std::size_t q = 0; q < slice.quotes.size(); ++q) {
    const StrikeBand& quote = slice.quotes[q];
    const auto narrowed = std::ranges::find_if(bands, [&](const StrikeBand& band) {
      return band.k == quote.k && band.low >= quote.low && band.high <= quote.high;
    });
    if (narrowed == bands.end()) continue;
    const Index row = slice.smile.units() + static_cast<Index>(q);  // after those of the weights
    pulls[static_cast<std::size_t>(narrowed - bands.begin())] +=
        (least.lower_multipliers[n](row) - least.upper_multipliers[n](row)) / half_of(quote, slice.smile);
  }
  return pulls;
}

/// The solution of distances alone as a guess of that of the objective under what it allows.
BandedSolution guess_from(const JointProgram& least, const JointProgram& joint,
                          const std::vector<FittedSmile>& slices) {
  BandedSolution guess = carried_over(least, joint);
  for (std::size_t n = 0; n < slices.size(); ++n) {
    const FittedSmile& slice = slices[n];
    guess.x[n] = joint.sums[n].from_weights(slice.weights);
    const std::vector<double> pulls = pulls_of_quotes(slice, n, least.solution);
    for (std::size_t b = 0; b < pulls.size(); ++b) {
      const auto row = static_cast<Index>(joint.band_row[n][b]);
      const double multiplier = pulls[b] * half_of(slice.smile.bands[b], slice.smile);
      guess.lower_multipliers[n](row) = std::max(multiplier, 0.0);
      guess.upper_multipliers[n](row) = std::max(-multiplier, 0.0);
    }
  }
  return guess;
}

/// The objective under what each quote is allowed to miss its band by, from where the distances alone are least.
/// Multipliers there are in units of kOutsideAlone; here they start at a tenth of their price.
JointProgram solve_allowed(const JointProgram& least, std::vector<FittedSmile>& slices, const FitOptions& options,
                           Workers& workers) {
  constexpr double kUnit = kOutsideAllowance / (10 * kOutsideAlone);
  JointProgram joint = joint_program(slices, options, Stage::bands);
  BandedLimits limits = limits_of(Stage::bands, slices);
  limits.workers = &workers;
  const BandedSolution guess = guess_from(least, joint, slices);
  take_solution(minimise_from(joint.program, guess, kWarmAllowed, limits, kUnit), Stage::bands, options, joint, slices);
  return joint;
}

/// What a robust loss makes of the square of each band's error.
std::vector<double> trust(const JointProgram& joint, const std::vector<FittedSmile>& slices, std::size_t n, Loss loss) {
  std::vector<double> result(slices[n].smile.bands.size(), 1.0);
  for (const BandedRow& row : joint.program.blocks[n].rows) {
    if (row.tag < 0) continue;
    const Bent error = error_of(joint, slices, n, row.tag, value_of(row, joint.solution.x[n]));
    if (std::isfinite(error.residual))
      result[joint.tags[n][static_cast<std::size_t>(row.tag)].band] = loss_slope(loss, error.residual * error.residual);
  }
  return result;
}

/// What the value of a tagged row may differ by from that at the minimum, in its own units.
double may_differ(const QuoteRow& row) { return std::max(kFarthest * row.scale, kFarthestOfUnit); }

/// How far the values of tagged rows are from those at the minimum, at most.
struct Farthest {
  double forwards = 0;  ///< of the prices of the quotes
  bool close = true;    ///< none farther than it may

  void take(const QuoteRow& row, double distance) {
    forwards = std::max(std::isnan(distance) ? kInfinity : distance / row.scale, forwards);
    close &= distance <= may_differ(row);
  }
};

/// f(block, index of the row in it, row, what its tag means)
template <class F>
void for_tagged_rows(const JointProgram& joint, F f) {
  for (std::size_t n = 0; n < joint.program.blocks.size(); ++n) {
    const std::vector<BandedRow>& rows = joint.program.blocks[n].rows;
    for (std::size_t r = 0; r < rows.size(); ++r)
      if (rows[r].tag >= 0) f(n, static_cast<Index>(r), rows[r], joint.tags[n][static_cast<std::size_t>(rows[r].tag)]);
  }
}

/// Per block, by a gap of the whole problem.
std::vector<Farthest> farthest_by_gap(const JointProgram& joint, double gap) {
  std::vector<Farthest> result(joint.program.blocks.size());
  for_tagged_rows(joint, [&](std::size_t n, Index, const BandedRow& row, const QuoteRow& quote) {
    result[n].take(quote, gap / std::sqrt(row.square));
  });
  return result;
}

/// Of the farthest of all blocks.
double forwards_of(const std::vector<Farthest>& blocks) {
  return std::ranges::max(blocks, {}, &Farthest::forwards).forwards;
}

bool all_close(const std::vector<Farthest>& blocks) { return std::ranges::all_of(blocks, &Farthest::close); }

/// The law of mean 1 whose weights are in proportion to these at each side of 1.
VectorXd centred(const std::vector<double>& nodes, VectorXd weights) {
  double mass_below = 0, below = 0, mass_above = 0, above = 0;
  for (Index j = 0; j < weights.size(); ++j) {
    const double over = nodes[static_cast<std::size_t>(j)] - 1;
    (over < 0 ? mass_below : mass_above) += weights(j);
    (over < 0 ? below : above) += weights(j) * std::abs(over);
  }
  const double mass = mass_below * above + mass_above * below;
  for (Index j = 0; j < weights.size(); ++j)
    weights(j) *= (nodes[static_cast<std::size_t>(j)] < 1 ? above : below) / mass;
  return weights;
}

/// Laws near the solution with weight at every node and a larger hinge sum there than the expiry before: a share of the
/// priors in them, in the order of which the weights are not much more than what they are compared with.
std::vector<VectorXd> well_inside(const JointProgram& joint, const std::vector<VectorXd>& x,
                                  const std::vector<FittedSmile>& slices) {
  const std::vector<double>& nodes = slices.front().smile.nodes;
  std::vector<VectorXd> near, priors;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    near.push_back(joint.sums[n].weights(x[n]).cwiseMax(0));
    priors.push_back(centred(nodes, joint.sums[n].prior()));
  }
  put_in_order(nodes, near);
  put_in_order(nodes, priors);
  std::vector<VectorXd> result;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    result.push_back(joint.sums[n].from_weights((1 - kShareOfPriors) * near[n] + kShareOfPriors * priors[n]));
    result.back()(result.back().size() - 1) = x[n](x[n].size() - 1);
  }
  return result;
}

/// In quadruple precision, of the problem linearised at `from`; the solution becomes the nearer point that this finds.
/// Where no distance is found that is smaller than that of the solution by its gap, all stays as it was.
std::vector<Farthest> farthest_in_quadruple(JointProgram& joint, const BandedSolution& from,
                                            const std::vector<FittedSmile>& slices, const BandedFaceOptions& bent,
                                            std::vector<Farthest> by_gap) {
  const BandedProgram program = linearised(joint.program, from.x, bent);
  NearEnough enough;
  for (const BandedBlock& block : program.blocks)
    enough.push_back(VectorXd::Constant(static_cast<Index>(block.rows.size()), kInfinity));
  for_tagged_rows(joint, [&](std::size_t n, Index r, const BandedRow&, const QuoteRow& quote) {
    enough[n](r) = kSought * may_differ(quote);
  });
  BandedDistance distance = distance_to_minimum(program, from, {well_inside(joint, from.x, slices)}, enough);
  std::vector<Farthest> result(by_gap.size());
  for_tagged_rows(joint, [&](std::size_t n, Index r, const BandedRow&, const QuoteRow& quote) {
    result[n].take(quote, distance.of_rows[n](r));
  });
  if (!(forwards_of(result) < forwards_of(by_gap))) return by_gap;
  joint.solution = std::move(distance.near);
  return result;
}

/// Ceres on the face of the solution; taken where its certificate is no worse than `gap`, which it then receives.
void descend_by_ceres(JointProgram& joint, const std::vector<FittedSmile>& slices, const FitOptions& options,
                      BandedFaceOptions& bent, double& gap, JointFit& result) {
  bent.bend = bend_of(joint, slices);
  bent.loss = options.loss.value_or(Loss::squared);
  for (std::size_t n = 0; n < slices.size(); ++n)
    for (BandedRow& row : joint.program.blocks[n].rows)
      if (row.tag >= 0 && !slices[n].trust.empty())  // Ceres knows the loss itself
        row.square /= slices[n].trust[joint.tags[n][static_cast<std::size_t>(row.tag)].band];
  BandedFaceOptions face_options = bent;
  face_options.iterations = std::min(options.max_iterations, kCeresIterations);
  BandedSolution start = joint.solution;
  const bool on_its_face = !joint.before_faces.empty();
  if (on_its_face) {  // it is the right one, but this point is not yet at the minimum
    start.x = joint.before_faces;
    face_options.faces = 1;
  }
  BandedFaceSolution face = minimise_on_face(joint.program, start, face_options);
  if (face.root_gap < kNoWorse * gap) {
    if (on_its_face)
      joint.solution.x = std::move(face.solution.x);  // the multipliers of that face are known
    else
      joint.solution = std::move(face.solution);
    gap = face.root_gap;
  }
  result.iterations += face.iterations;
  result.message += fmt::format("; Ceres, {} iterations on {} faces, gap {:.1e}", face.iterations, face.faces, gap);
  if (!face.failure.empty()) result.message += "; Ceres: " + face.failure;
}

/// The solution, from there to the face's minimum by Ceres if that is the engine; but one that started from a solution
/// before is there. And how far it is from the minimum.
JointFit finished(JointProgram& joint, std::vector<FittedSmile>& slices, const FitOptions& options, bool warm) {
  JointFit result;
  result.warm = warm;
  result.iterations = joint.solution.iterations;
  BandedFaceOptions bent;
  if (!std::ranges::all_of(slices, has_spreads, &FittedSmile::smile)) bent.bend = bend_of(joint, slices);
  double gap = root_gap(linearised(joint.program, joint.solution.x, bent), joint.solution);
  result.message = fmt::format("interior point, {} iterations, complementarity {:.1e}, step {:.1e}",
                               joint.solution.iterations, joint.solution.complementarity, joint.solution.step);
  if (joint.faces > 0) result.message += fmt::format("; active set, {} faces", joint.faces);
  result.message += fmt::format(", gap {:.1e}", gap);
  std::optional<BandedSolution> before_ceres;
  if (options.engine == Engine::ceres && !warm) {
    if (joint.before_faces.empty()) before_ceres = joint.solution;
    descend_by_ceres(joint, slices, options, bent, gap, result);
  }
  std::vector<Farthest> farthest = farthest_by_gap(joint, gap);
  if (!all_close(farthest) && gap < kBeyondReach) {
    const BandedSolution from = before_ceres ? *before_ceres : joint.solution;  // whose multipliers are the better ones
    farthest = farthest_in_quadruple(joint, from, slices, bent, std::move(farthest));
  }
  for (std::size_t n = 0; n < slices.size(); ++n) {
    result.weights.push_back(joint.sums[n].weights(joint.solution.x[n]).cwiseMax(0));
    result.optimality.push_back(farthest[n].forwards);
  }
  const double worst = forwards_of(farthest);
  result.termination = all_close(farthest) ? Termination::optimal : Termination::stalled;
  result.message = worst < kNothingKnown ? fmt::format("{}: at most {:.1e} forwards from the minimum; {}",
                                                       to_string(result.termination), worst, result.message)
                                         : fmt::format("{}: how far from the minimum is not known; {}",
                                                       to_string(result.termination), result.message);
  result.joint = std::move(joint);
  return result;
}

}  // namespace

double held_error(const FittedSmile& slice) { return std::max(kHeldAtLeast, kSlack * slice.largest_error); }

Bent error_of(const JointProgram& joint, const std::vector<FittedSmile>& slices, std::size_t block, std::ptrdiff_t tag,
              double value) {
  const QuoteRow& row = joint.tags[block][static_cast<std::size_t>(tag)];
  const Smile& smile = slices[block].smile;
  const StrikeBand& band = smile.bands[row.band];
  if (!row.in_vol) return {value - row.scale * (band.mid - row.constant), 1, 0};
  const Forward one(1);
  const Strike strike(band.k);
  const ImpliedVol vol = implied_total_vol(band.side, one, strike, Price(value / row.scale + row.constant));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (vol.broken != PriceBound::none) return {nan, nan, nan};
  const double quoted = implied_total_vol(band.side, one, strike, Price(band.mid)).vol.value();
  const double unit = kVolScale * smile.total_vol, at = vol.vol.value();
  const double slope = 1 / (black_vega(one, strike, vol.vol) * unit * row.scale);
  const double d1 = -std::log(band.k) / at + at / 2, d2 = d1 - at;
  return {(at - quoted) / unit, slope, -slope * slope * unit * d1 * d2 / at};
}

JointFit fit_jointly(std::vector<FittedSmile>& slices, const FitOptions& options, Workers& workers,
                     const std::function<void(int)>& progress, const JointProgram* before) {
  std::mutex guard;
  int done = 0;
  workers.each(slices.size(), [&](std::size_t i) {
    if (slices[i].alone.size() == 0) solve_alone(slices[i], options);
    const std::lock_guard lock(guard);
    if (progress) progress(++done);
  });
  for (FittedSmile& slice : slices)
    slice.weights = slice.alone;
  order_priors(slices);
  for (FittedSmile& slice : slices)
    slice.prior = smoothed(slice.smile, slice.weights, has_spreads(slice.smile) ? kPriorFloor : kTinyFloor);
  return fit_together(slices, options, workers, before);
}

JointFit fit_together(std::vector<FittedSmile>& slices, const FitOptions& options, Workers& workers,
                      const JointProgram* before) {
  const bool spreads = std::ranges::all_of(slices, [](const FittedSmile& slice) { return has_spreads(slice.smile); });
  const bool robust = options.loss.value_or(Loss::squared) != Loss::squared;
  std::vector<VectorXd> start;
  for (const FittedSmile& slice : slices)
    start.push_back(slice.weights);
  const auto restart = [&] {
    for (std::size_t n = 0; n < slices.size(); ++n)
      slices[n].weights = start[n];
  };
  if (before != nullptr && spreads && !robust) {
    std::optional<JointProgram> joint = solve_from(*before, slices, options, Stage::bands, workers);
    if (joint && !any_outside(slices)) return finished(*joint, slices, options, true);
    restart();
  }
  for (int pass = 0; pass < kLargestPasses && !spreads && !options.loss; ++pass)
    solve_jointly(slices, options, Stage::largest, workers);
  const Stage last = spreads ? Stage::bands : options.loss ? Stage::losses : Stage::held;
  JointProgram joint;
  const bool far = misses_of(slices).far();
  if (!far) joint = solve_jointly(slices, options, last, workers);
  if (far || any_outside(slices)) {
    const JointProgram least = allow_what_is_missed(slices, options, workers);
    const bool contradictory = any_outside(slices);
    if (!contradictory) restart();
    joint = spreads && contradictory ? solve_allowed(least, slices, options, workers)
                                     : solve_jointly(slices, options, last, workers);
  }
  for (int pass = 0; pass < (robust ? kRobustPasses : !spreads && options.loss ? kLargestPasses : 0); ++pass) {
    for (std::size_t n = 0; n < slices.size() && robust; ++n)
      slices[n].trust = trust(joint, slices, n, *options.loss);
    joint = solve_jointly(slices, options, last, workers);
  }
  if (!spreads && !robust) {  // once more, linearised where that led
    std::vector<VectorXd> weights;
    for (const FittedSmile& slice : slices)
      weights.push_back(slice.weights);
    if (std::optional<JointProgram> there = solve_from(joint, slices, options, last, workers))
      joint = std::move(*there);
    else
      for (std::size_t n = 0; n < slices.size(); ++n)
        slices[n].weights = weights[n];
  }
  return finished(joint, slices, options, false);
}

}  // namespace strikenet
