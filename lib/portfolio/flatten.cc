#include "strikenet/portfolio/flatten.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"
#include "strikenet/payoff/curve.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// --- activations as straight pieces ----------------------------------------------------------------------------------

PiecewiseLinear pieces_of(const Rectify& rectify, std::size_t channel) {
  return {0, rectify.slope[rectify.slope.size() == 1 ? 0 : channel], {{0, 1}}};
}

/// max(low, .) and then min(., high); where neither bends, the line itself.
PiecewiseLinear pieces_of(const Clip& clip) {
  std::vector<Knot> knots;
  const double at_zero = std::min(std::max(0.0, clip.low), clip.high);
  if (clip.low == clip.high) return {clip.low, 0};
  if (std::isfinite(clip.low)) knots.push_back({clip.low, 1});
  if (std::isfinite(clip.high)) knots.push_back({clip.high, 0});
  return {at_zero, std::isfinite(clip.low) ? 0.0 : 1.0, std::move(knots)};
}

/// What stands for each smooth activation, if anything may.
using StandIns = std::map<Smooth::Kind, PiecewiseLinear>;

// --- one interval ----------------------------------------------------------------------------------------------------

/// A straight line through (anchor, value), the anchor being the interval's.
struct Line {
  double value, slope;
};

/// Between `low` and `high` every channel so far is a straight line. The anchor is a finite end, or 0.
struct Interval {
  double low = -kInfinity, high = kInfinity, anchor = 0;
  std::vector<Line> lines = {};  // of the input and of each layer, one after the other, from channel `first` on
  std::size_t first = 0;

  const Line& of(std::size_t channel) const { return lines[channel - first]; }

  /// A point well inside.
  double inside() const {
    if (std::isfinite(low) && std::isfinite(high)) return low / 2 + high / 2;
    if (std::isfinite(low)) return low + std::max(1.0, std::abs(low));
    return std::isfinite(high) ? high - std::max(1.0, std::abs(high)) : 0;
  }

  double at(const Line& line, double x) const { return line.value + line.slope * (x - anchor); }

  /// Where the line takes the value, if inside.
  void add_root(const Line& line, double value, std::vector<double>& roots) const {
    if (line.slope == 0) return;
    const double x = anchor + (value - line.value) / line.slope;
    if (x > low && x < high && std::isfinite(x)) roots.push_back(x);
  }

  /// `oldest`: the first channel that is still asked for.
  Interval part(double from, double to, std::size_t oldest) const {
    const auto kept = lines.begin() + static_cast<std::ptrdiff_t>(oldest - first);
    Interval result{from, to, std::isfinite(from) ? from : to, {kept, lines.end()}, oldest};
    for (Line& line : result.lines)
      line.value = at(line, result.anchor);
    return result;
  }
};

class Flattener {
 public:
  Flattener(const DeepNetwork& network, const StandIns& stand_ins, const FlattenOptions& options)
      : network_(network), most_(options.most_pieces) {
    offsets_.push_back(0);
    for (std::size_t i = 0; i <= network.layers().size(); ++i)
      offsets_.push_back(offsets_.back() + network.width(i));
    for (std::size_t i = 0; i < network.layers().size(); ++i)
      activations_.push_back(pieces_of_layer(i, stand_ins));
    std::size_t oldest = network.layers().size();
    for (std::size_t i = oldest; i-- > 0;) {
      for (const std::size_t in : network.layers()[i].inputs)
        oldest = std::min(oldest, in);
      oldest_.push_back(offsets_[std::min(oldest, i)]);
    }
    std::ranges::reverse(oldest_);
  }

  PiecewiseLinear pieces() {
    Interval all;
    all.lines.push_back({0, 1});
    compute(std::move(all));
    return {value_at_zero_, first_slope_, std::move(knots_)};
  }

 private:
  /// One function a channel, or one for all; none for a layer that is no activation.
  std::vector<PiecewiseLinear> pieces_of_layer(std::size_t i, const StandIns& stand_ins) const {
    const Layer& layer = network_.layers()[i];
    std::vector<PiecewiseLinear> pieces;
    if (const auto* rectify = std::get_if<Rectify>(&layer.operation))
      for (std::size_t c = 0; c < rectify->slope.size(); ++c)
        pieces.push_back(pieces_of(*rectify, c));
    if (const auto* clip = std::get_if<Clip>(&layer.operation)) pieces.push_back(pieces_of(*clip));
    if (const auto* smooth = std::get_if<Smooth>(&layer.operation)) {
      const auto found = stand_ins.find(smooth->kind);
      if (found == stand_ins.end())
        throw PreconditionError(
            fmt::format("piecewise_linear: layer {} '{}' is {}, but must have straight pieces: enclose() bounds it",
                        i + 1, layer.name, to_string(layer.operation)));
      pieces.push_back(found->second);
    }
    return pieces;
  }

  std::span<const Line> input(const Interval& interval, std::size_t i) const {
    return std::span(interval.lines).subspan(offsets_[i] - interval.first, network_.width(i));
  }

  /// Where layer `i` bends inside the interval.
  std::vector<double> roots(const Interval& interval, std::size_t i) const {
    const Layer& layer = network_.layers()[i];
    std::vector<double> roots;
    const auto& activation = activations_[i];
    if (!activation.empty()) {
      const auto lines = input(interval, layer.inputs[0]);
      for (std::size_t c = 0; c < lines.size(); ++c)
        for (const Knot& knot : activation[activation.size() == 1 ? 0 : c].knots())
          interval.add_root(lines[c], knot.x, roots);
    }
    if (std::holds_alternative<Maximum>(layer.operation) || std::holds_alternative<Minimum>(layer.operation)) {
      const auto a = input(interval, layer.inputs[0]), b = input(interval, layer.inputs[1]);
      for (std::size_t c = 0; c < a.size(); ++c)
        interval.add_root({a[c].value - b[c].value, a[c].slope - b[c].slope}, 0, roots);
    }
    std::ranges::sort(roots);
    roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
    return roots;
  }

  /// An interval that a layer cuts, and which of its parts is next.
  struct Cut {
    Interval interval;
    std::vector<double> at;
    std::size_t layer, next = 0;

    bool is_done() const { return next > at.size(); }
    Interval take(std::size_t oldest) {
      const std::size_t k = next++;
      return interval.part(k == 0 ? interval.low : at[k - 1], k < at.size() ? at[k] : interval.high, oldest);
    }
  };

  /// All layers; the parts of the interval from left to right. What is cut waits in a list and not on the stack, which
  /// thousands of layers would fill.
  void compute(Interval interval) {
    std::vector<Cut> open;
    for (std::size_t i = 0;;) {
      std::vector<double> cuts;
      for (; i < network_.layers().size() && (cuts = roots(interval, i)).empty(); ++i)
        apply(interval, i);
      if (i < network_.layers().size())
        open.push_back({std::move(interval), std::move(cuts), i});
      else
        emit(interval);
      while (!open.empty() && open.back().is_done())
        open.pop_back();
      if (open.empty()) return;
      i = open.back().layer;
      interval = open.back().take(oldest_[i]);
      apply(interval, i++);
    }
  }

  void emit(const Interval& interval) {
    if (++emitted_ > most_)
      throw PreconditionError(
          fmt::format("piecewise_linear: number of pieces is above {}, but must be at most that", most_));
    const Line& output = interval.lines.back();
    if (interval.low <= 0 && interval.high >= 0) value_at_zero_ = interval.at(output, 0);
    if (!std::isfinite(interval.low))
      first_slope_ = output.slope;
    else if (!knots_.empty() && one_place(knots_.back().x, interval.low))
      knots_.back().slope = output.slope;
    else
      knots_.push_back({interval.low, output.slope});
  }

  /// Whether two breakpoints are one but for rounding.
  static bool one_place(double a, double b) {
    constexpr double kUlps = 16;
    return b - a <= kUlps * std::numeric_limits<double>::epsilon() * std::max(std::abs(a), std::abs(b));
  }

  // --- layers on one interval, on which they are straight ------------------------------------------------------------

  void apply(Interval& interval, std::size_t i) const {
    const Layer& layer = network_.layers()[i];
    if (!activations_[i].empty()) return activate(interval, layer.inputs[0], activations_[i]);
    std::visit([&](const auto& operation) { straight(interval, layer, operation); }, layer.operation);
  }

  void activate(Interval& interval, std::size_t in, const std::vector<PiecewiseLinear>& activation) const {
    const double inside = interval.inside();
    for (std::size_t c = 0; c < network_.width(in); ++c) {
      const Line line = interval.of(offsets_[in] + c);
      const PiecewiseLinear& f = activation[activation.size() == 1 ? 0 : c];
      const double z = interval.at(line, inside), slope = f.slope(z);
      const auto above = std::ranges::upper_bound(f.knots(), z, {}, &Knot::x);
      const double base = f.knots().empty() ? 0 : above == f.knots().begin() ? above->x : std::prev(above)->x;
      interval.lines.push_back({f.value(base) + slope * (line.value - base), slope * line.slope});
    }
  }

  void straight(Interval& interval, const Layer& layer, const Dense& dense) const {
    const std::size_t from = offsets_[layer.inputs[0]], columns = network_.width(layer.inputs[0]);
    for (std::size_t row = 0; row < dense.bias.size(); ++row) {
      Line sum{dense.bias[row], 0};
      for (std::size_t c = 0; c < columns; ++c) {
        const double weight = dense.weights[row * columns + c];
        sum.value += weight * interval.of(from + c).value;
        sum.slope += weight * interval.of(from + c).slope;
      }
      interval.lines.push_back(sum);
    }
  }
  void straight(Interval& interval, const Layer& layer, const Scale& scale) const {
    for (std::size_t c = 0; c < scale.factor.size(); ++c) {
      const Line line = interval.of(offsets_[layer.inputs[0]] + c);
      interval.lines.push_back({scale.factor[c] * line.value + scale.shift[c], scale.factor[c] * line.slope});
    }
  }
  void straight(Interval& interval, const Layer& layer, const Add&) const {
    for (std::size_t c = 0; c < network_.width(layer.inputs[0]); ++c) {
      Line sum{0, 0};
      for (const std::size_t in : layer.inputs) {
        sum.value += interval.of(offsets_[in] + c).value;
        sum.slope += interval.of(offsets_[in] + c).slope;
      }
      interval.lines.push_back(sum);
    }
  }
  void straight(Interval& interval, const Layer& layer, const Concat&) const {
    for (const std::size_t in : layer.inputs)
      for (std::size_t c = 0; c < network_.width(in); ++c)
        interval.lines.push_back(Line(interval.of(offsets_[in] + c)));
  }
  void straight(Interval& interval, const Layer&, const Constant& constant) const {
    for (const double number : constant.values)
      interval.lines.push_back({number, 0});
  }
  void straight(Interval& interval, const Layer& layer, const Maximum&) const { choose(interval, layer, true); }
  void straight(Interval& interval, const Layer& layer, const Minimum&) const { choose(interval, layer, false); }
  template <class Activation>
  void straight(Interval&, const Layer&, const Activation&) const {}  // Rectify, Clip, Smooth: see activate()

  void choose(Interval& interval, const Layer& layer, bool larger) const {
    const double inside = interval.inside();
    for (std::size_t c = 0; c < network_.width(layer.inputs[0]); ++c) {
      const Line a = interval.of(offsets_[layer.inputs[0]] + c), b = interval.of(offsets_[layer.inputs[1]] + c);
      const bool first = (interval.at(a, inside) > interval.at(b, inside)) == larger;
      interval.lines.push_back(first ? a : b);
    }
  }

  const DeepNetwork& network_;
  std::size_t most_;
  std::vector<std::size_t> offsets_ = {};  // of the input and of each layer in Interval::lines
  std::vector<std::size_t> oldest_ = {};   // of each layer: the first channel that it or a later one asks for
  std::vector<std::vector<PiecewiseLinear>> activations_ = {};  // of each layer
  double value_at_zero_ = 0, first_slope_ = 0;
  std::vector<Knot> knots_ = {};
  std::size_t emitted_ = 0;
};

// --- enclosing -------------------------------------------------------------------------------------------------------

/// From `reach` on, on both sides, the activation is straight to below 1e-15: constant below, with `slope_above` above.
struct Asymptotes {
  double reach, slope_above, largest_slope;
};

Asymptotes asymptotes_of(Smooth::Kind kind) {
  switch (kind) {
    case Smooth::Kind::gelu: return {10, 1, 1.1291};
    case Smooth::Kind::silu: return {40, 1, 1.0999};
    case Smooth::Kind::softplus: return {40, 1, 1};
    case Smooth::Kind::tanh: break;
  }
  return {20, 0, 1};
}

/// Straight pieces nowhere farther than `error` from the activation.
PiecewiseLinear stand_in(Smooth::Kind kind, double error) {
  const Asymptotes ends = asymptotes_of(kind);
  const Curve curve{[kind](double x) { return smooth_value(kind, x); }, std::string(to_string(Smooth{kind}))};
  constexpr double kTail = 1e-12;  // of the asymptotes, and of the search for extrema: far below the error
  const CurveFit fit = fewest_pieces(curve, {-ends.reach, ends.reach}, error - kTail - 1e-6 * error).value();
  std::vector<Point> points;
  points.push_back({-ends.reach, fit.f.value(-ends.reach)});
  for (const Knot& knot : fit.f.knots())
    points.push_back({knot.x, fit.f.value(knot.x)});
  points.push_back({ends.reach, fit.f.value(ends.reach)});
  points.insert(points.begin(), {-ends.reach - 1, points.front().y});
  points.push_back({ends.reach + 1, points.back().y + ends.slope_above});
  return through(points);
}

/// Carries distances through the layers.
class ErrorWalk {
 public:
  ErrorWalk(const DeepNetwork& network, double activation_error) : error_(activation_error) {
    errors_.push_back({0});
    for (const Layer& layer : network.layers())
      errors_.push_back(std::visit([&](const auto& operation) { return of(layer, operation); }, layer.operation));
  }

  double error() const { return errors_.back()[0]; }

 private:
  using Errors = std::vector<double>;
  const Errors& in(const Layer& layer, std::size_t i = 0) const { return errors_[layer.inputs[i]]; }

  Errors of(const Layer& layer, const Dense& dense) const {
    Errors sums(dense.bias.size(), 0.0);
    const Errors& from = in(layer);
    for (std::size_t i = 0; i < dense.weights.size(); ++i)
      sums[i / from.size()] += std::abs(dense.weights[i]) * from[i % from.size()];
    return sums;
  }
  Errors of(const Layer& layer, const Scale& scale) const {
    Errors errors = in(layer);
    for (std::size_t c = 0; c < errors.size(); ++c)
      errors[c] *= std::abs(scale.factor[c]);
    return errors;
  }
  Errors of(const Layer& layer, const Rectify& rectify) const {
    Errors errors = in(layer);
    for (std::size_t c = 0; c < errors.size(); ++c)
      errors[c] *= std::max(1.0, std::abs(rectify.slope[rectify.slope.size() == 1 ? 0 : c]));
    return errors;
  }
  Errors of(const Layer& layer, const Clip&) const { return in(layer); }
  Errors of(const Layer& layer, const Smooth& smooth) const {
    Errors errors = in(layer);
    for (double& error : errors)
      error = error_ + asymptotes_of(smooth.kind).largest_slope * error;
    return errors;
  }
  Errors of(const Layer& layer, const Add&) const {
    return folded(layer, [](double a, double b) { return a + b; });
  }
  Errors of(const Layer& layer, const Maximum&) const {
    return folded(layer, [](double a, double b) { return std::max(a, b); });
  }
  Errors of(const Layer& layer, const Minimum&) const {
    return folded(layer, [](double a, double b) { return std::max(a, b); });
  }
  Errors of(const Layer& layer, const Concat&) const {
    Errors errors;
    for (const std::size_t i : layer.inputs)
      errors.insert(errors.end(), errors_[i].begin(), errors_[i].end());
    return errors;
  }
  Errors of(const Layer&, const Constant& constant) const { return Errors(constant.values.size(), 0.0); }

  template <class Fold>
  Errors folded(const Layer& layer, Fold fold) const {
    Errors errors = in(layer);
    for (std::size_t i = 1; i < layer.inputs.size(); ++i)
      for (std::size_t c = 0; c < errors.size(); ++c)
        errors[c] = fold(errors[c], in(layer, i)[c]);
    return errors;
  }

  double error_;
  std::vector<Errors> errors_ = {};
};

}  // namespace

PiecewiseLinear piecewise_linear(const DeepNetwork& network, const FlattenOptions& options) {
  return Flattener(network, {}, options).pieces();
}

Enclosure enclose(const DeepNetwork& network, double activation_error, const FlattenOptions& options) {
  require(activation_error >= 1e-9 && activation_error <= 1, "enclose", "activation_error", activation_error,
          "must be from 1e-9 to 1");
  StandIns stand_ins;
  for (const Layer& layer : network.layers())
    if (const auto* smooth = std::get_if<Smooth>(&layer.operation))
      if (!stand_ins.contains(smooth->kind)) stand_ins.emplace(smooth->kind, stand_in(smooth->kind, activation_error));
  return {Flattener(network, stand_ins, options).pieces(), ErrorWalk(network, activation_error).error()};
}

}  // namespace strikenet
