#include "strikenet/testing/grid_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Point {
  double k, call;
};

void require_increasing(const std::vector<double>& values, std::string_view what, std::size_t fewest) {
  constexpr std::string_view kWhere = "check_on_grid";
  require(values.size() >= fewest, kWhere, fmt::format("number of {}", what), static_cast<double>(values.size()),
          fmt::format("must be at least {}", fewest));
  double before = 0;
  for (const double value : values) {
    require(value > before && std::isfinite(value), kWhere, what, value, "must be finite, above 0 and increasing");
    before = value;
  }
}

/// The relations, counted as they are tested.
class Tally {
 public:
  explicit Tally(double tolerance) : tolerance_(tolerance) {
    for (const auto relation : {GridRelation::number, GridRelation::bounds, GridRelation::vertical,
                                GridRelation::butterfly, GridRelation::calendar})
      check_.counts.push_back({relation});
  }

  /// `slack` >= 0, of prices with these weights in sum; the words are made where they are needed.
  template <class Words>
  void test(GridRelation relation, double slack, double weights, const Words& words) {
    if (relation != GridRelation::number && std::isnan(slack)) return;
    GridCount& count = check_.counts[static_cast<std::size_t>(relation)];
    ++count.tested;
    if (slack >= -tolerance_ * weights) return;
    ++count.violated;
    if (!count.worst.empty() && !(-slack > count.by)) return;
    count.by = -slack;
    count.worst = words();
  }

  void unseen(double height) { check_.unseen = std::max(check_.unseen, height); }
  GridCheck check() && { return std::move(check_); }

 private:
  double tolerance_;
  GridCheck check_;
};

std::string at(double k) { return fmt::format("c({:.6g})", k); }
std::string with_price(const Point& point) { return fmt::format("{} = {:.10g}", at(point.k), point.call); }

void test_point(const Point& point, double t, Tally& tally) {
  const auto& [k, call] = point;
  tally.test(GridRelation::number, std::isfinite(call) ? 0 : kNaN, 0,
             [&] { return fmt::format("t = {:.6g}: {}", t, with_price(point)); });
  const double least = std::max(1 - k, 0.0);
  tally.test(GridRelation::bounds, std::min(call - least, 1 - call), 1,
             [&] { return fmt::format("t = {:.6g}: {}, but must be from {:.10g} to 1", t, with_price(point), least); });
}

double interpolated(const Point& low, const Point& high, double k) {
  const double up = (k - low.k) / (high.k - low.k);
  return (1 - up) * low.call + up * high.call;
}

void test_strikes(const std::vector<Point>& smile, double t, Tally& tally) {
  for (std::size_t j = 1; j < smile.size(); ++j)
    tally.test(GridRelation::vertical, smile[j - 1].call - smile[j].call, 2, [&] {
      return fmt::format("t = {:.6g}: {}, but {}", t, with_price(smile[j - 1]), with_price(smile[j]));
    });
  for (std::size_t j = 1; j + 1 < smile.size(); ++j) {
    const double most = interpolated(smile[j - 1], smile[j + 1], smile[j].k);
    tally.test(GridRelation::butterfly, most - smile[j].call, 2, [&] {
      return fmt::format("t = {:.6g}: {}, but {} and {} interpolate to {:.10g}", t, with_price(smile[j]),
                         with_price(smile[j - 1]), with_price(smile[j + 1]), most);
    });
  }
}

/// The greatest height of the triangle between the chord of two neighbours and the lines beside it.
double unseen_between(const std::vector<Point>& smile, std::size_t j) {
  const Point &a = smile[j], &b = smile[j + 1];
  const auto slope = [&](std::size_t i) { return (smile[i + 1].call - smile[i].call) / (smile[i + 1].k - smile[i].k); };
  const double chord = slope(j), width = b.k - a.k;
  const double left = chord - (j > 0 ? slope(j - 1) : -1), right = (j + 2 < smile.size() ? slope(j + 1) : 0) - chord;
  return left > 0 && right > 0 ? width / (1 / left + 1 / right) : 0;
}

void test_times(const std::vector<Point>& earlier, const std::vector<Point>& later, double t, Tally& tally) {
  for (std::size_t j = 1; j < later.size(); ++j)
    tally.test(GridRelation::calendar, later[j].call - earlier[j].call, 2, [&] {
      return fmt::format("t = {:.6g}: {}, but {:.10g} at the time before", t, with_price(later[j]), earlier[j].call);
    });
}

}  // namespace

std::vector<double> log_spaced(double lowest, double highest, int count) {
  constexpr std::string_view kWhere = "log_spaced";
  require(lowest > 0 && std::isfinite(lowest), kWhere, "lowest", lowest, "must be finite and above 0");
  require(highest > lowest && std::isfinite(highest), kWhere, "highest", highest, "must be finite and above lowest");
  require(count >= 2, kWhere, "count", count, "must be at least 2");
  std::vector<double> result;
  for (int i = 0; i < count; ++i)
    result.push_back(lowest * std::exp(std::log(highest / lowest) * i / (count - 1)));
  result.back() = highest;
  return result;
}

std::string_view to_string(GridRelation relation) {
  switch (relation) {
    case GridRelation::number: return "number";
    case GridRelation::bounds: return "bounds";
    case GridRelation::vertical: return "vertical";
    case GridRelation::butterfly: return "butterfly";
    case GridRelation::calendar: return "calendar";
  }
  return "?";
}

bool GridCheck::arbitrage_free() const {
  return std::ranges::all_of(counts, [](const GridCount& count) { return count.violated == 0; });
}

GridCheck check_on_grid(const CheckGrid& grid, const std::function<double(double k, double t)>& call) {
  require_increasing(grid.t, "t", 1);
  require_increasing(grid.k, "k", 2);
  require(grid.tolerance >= 0 && std::isfinite(grid.tolerance), "check_on_grid", "tolerance", grid.tolerance,
          "must be finite and at least 0");
  Tally tally(grid.tolerance);
  std::vector<Point> before;
  for (const double t : grid.t) {
    std::vector<Point> smile{{0, 1}};
    for (const double k : grid.k) {
      smile.push_back({k, call(k, t)});
      test_point(smile.back(), t, tally);
    }
    test_strikes(smile, t, tally);
    for (std::size_t j = 1; j + 1 < smile.size(); ++j)
      tally.unseen(unseen_between(smile, j));
    if (!before.empty()) test_times(before, smile, t, tally);
    before = std::move(smile);
  }
  return std::move(tally).check();
}

std::string in_words(const GridCheck& check, const CheckGrid& grid) {
  std::string text;
  for (const GridCount& count : check.counts) {
    if (count.violated == 0) continue;
    text += fmt::format("  {}: {} of {} violated, ", to_string(count.relation), count.violated, count.tested);
    text += std::isnan(count.by) ? fmt::format("first at {}\n", count.worst)
                                 : fmt::format("worst by {:.3g} at {}\n", count.by, count.worst);
  }
  text += fmt::format(
      "tested to {:g} forwards at {} strikes from {:.6g} to {:.6g} forwards and {} {} from {:.6g} to {:.6g} years",
      grid.tolerance, grid.k.size(), grid.k.front(), grid.k.back(), grid.t.size(),
      grid.t.size() == 1 ? "time" : "times", grid.t.front(), grid.t.back());
  if (check.arbitrage_free()) text += fmt::format("; unseen between strikes: {:.3g} forwards", check.unseen);
  return text;
}

double call_of_vol(double k, double t, double vol) {
  if (!(vol >= 0 && std::isfinite(vol))) return kNaN;
  return black_price(OptionType::call, Forward(1), Strike(k), TotalVol(vol * std::sqrt(t))).value();
}

}  // namespace strikenet
