#include "strikenet/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "core/problem_list.h"
#include "report/report_data.h"

namespace strikenet {
namespace {

using Json = nlohmann::ordered_json;

/// From the lowest to the highest of what was added.
struct Bounds {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool holds(double value) const { return value >= low && value <= high; }
  Bounds padded(double share) const {
    const double pad = high > low ? share * (high - low) : std::abs(low) / 20 + 1e-6;
    return {low - pad, high + pad};
  }
};

/// A text between gnuplot's single quotes, where a doubled quote is all that means anything; on one line.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text)
    result += c == '\'' ? "''" : static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? " " : std::string(1, c);
  return result + "'";
}

std::string terminal(PlotRequest::Format format) {
  return format == PlotRequest::Format::svg
             ? "set terminal svg size 900,560 dynamic noenhanced background rgb 'white' font 'Helvetica,14'\n"
             : "set terminal pngcairo size 1350,840 noenhanced background rgb 'white' font 'Helvetica,19'\n";
}

std::optional<double> at(const Json& column, std::size_t i) {
  return column[i].is_number() ? std::optional(column[i].get<double>()) : std::nullopt;
}

bool out_of_the_money(const Json& expiry, std::size_t i) {
  const Json& quotes = expiry["quotes"];
  return (quotes["strike"][i].get<double>() < expiry["forward"].get<double>()) ==
         (quotes["type"].get_ref<const std::string&>()[i] == 'P');
}

bool used(const Json& expiry, std::size_t i) {
  return expiry["quotes"]["used"].get_ref<const std::string&>()[i] == '1' && out_of_the_money(expiry, i);
}

/// The strikes between which quotes out of the money have a bid, and the law has all but a hundredth at each end.
Bounds strikes_of(const Json& expiry) {
  Bounds bounds;
  for (const char* p : {"0.01", "0.99"})
    if (expiry["quantiles"][p].is_number()) bounds.add(expiry["quantiles"][p].get<double>());
  for (std::size_t i = 0; i < expiry["quotes"]["strike"].size(); ++i)
    if (used(expiry, i) && at(expiry["quotes"]["bid"], i).value_or(0) > 0)
      bounds.add(expiry["quotes"]["strike"][i].get<double>());
  return bounds.padded(0.03);
}

/// A here-document of gnuplot: rows of numbers under a name.
class DataBlock {
 public:
  DataBlock(std::string name, std::string style) : name_(std::move(name)), style_(std::move(style)) {}

  template <class... Numbers>
  void row(Numbers... numbers) {
    ((rows_ += fmt::format("{:.9g} ", numbers)), ...);
    rows_ += '\n';
  }
  bool empty() const { return rows_.empty(); }
  std::string text() const { return name_ + " << EOD\n" + rows_ + "EOD\n"; }
  std::string plotted() const { return name_ + " " + style_; }

 private:
  std::string name_, style_, rows_;
};

struct Drawing {
  std::vector<DataBlock> blocks;
  Bounds heights;
  std::string axis;
};

constexpr double kPercent = 100;

Drawing smile_of(const Json& expiry, const Bounds& strikes) {
  // A dot in the middle too: on a tight market the bar is shorter than a line is wide.
  DataBlock bars("$bars",
                 "using 1:2:(0):3 with vectors nohead linewidth 3 linecolor rgb '#0072b2' title 'bid to ask', "
                 "$bars using 1:($2 + $3 / 2) with points pointtype 7 pointsize 0.35 linecolor rgb '#0072b2' notitle");
  DataBlock asks("$asks",
                 "using 1:2 with points pointtype 10 pointsize 0.7 linecolor rgb '#0072b2' title 'ask, no bid'");
  DataBlock points("$points", "using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'quote'");
  DataBlock model("$model", "using 1:2 with lines linewidth 2 linecolor rgb '#d55e00' title 'model'");
  Bounds heights;
  const Json& quotes = expiry["quotes"];
  for (std::size_t i = 0; i < quotes["strike"].size(); ++i) {
    const double strike = quotes["strike"][i].get<double>();
    const auto bid = at(quotes["bid_vol"], i), ask = at(quotes["ask_vol"], i), mid = at(quotes["mid_vol"], i);
    if (!used(expiry, i) || !ask || !strikes.holds(strike)) continue;
    if (mid) heights.add(kPercent * *mid);
    if (bid && *bid == *ask)
      points.row(strike, kPercent * *ask);
    else if (bid)
      bars.row(strike, kPercent * *bid, kPercent * (*ask - *bid));
    else
      asks.row(strike, kPercent * *ask);
  }
  for (std::size_t i = 0; i < expiry["model"]["strike"].size(); ++i) {
    const auto strike = at(expiry["model"]["strike"], i), vol = at(expiry["model"]["vol"], i);
    if (!strike || !vol) continue;
    model.row(*strike, kPercent * *vol);
    if (strikes.holds(*strike)) heights.add(kPercent * *vol);
  }
  return {{model, bars, asks, points}, heights.padded(0.08), "vol, %"};
}

/// A power of ten of strikes over which at most half falls.
double density_step(const Json& values) {
  double peak = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    peak = std::max(peak, at(values, i).value_or(0));
  return peak > 0 ? std::pow(10, std::floor(std::log10(0.5 / peak))) : 1;
}

Drawing density_of(const Json& expiry) {
  const Json& density = expiry["density"];
  const bool points = density["kind"] == "points";
  const double step = points ? 1 : density_step(density["value"]);
  DataBlock block("$density", points ? "using 1:2 with impulses linewidth 2 linecolor rgb '#d55e00' notitle"
                                     : "using 1:2 with filledcurves y=0 fillstyle solid 0.2 noborder linecolor rgb "
                                       "'#d55e00' notitle, $density using 1:2 with lines linewidth 2 linecolor rgb "
                                       "'#d55e00' notitle");
  Bounds heights{0, 0};
  for (std::size_t i = 0; i < density["strike"].size(); ++i) {
    const auto strike = at(density["strike"], i), value = at(density["value"], i);
    if (!strike || !value) continue;
    block.row(*strike, kPercent * step * *value);
    heights.add(kPercent * step * *value);
  }
  heights.high *= 1.05;
  return {{block},
          heights,
          points ? "probability, %"
                 : fmt::format("probability, % per {} of strike", step == 1 ? "unit" : fmt::format("{:g}", step))};
}

/// A line at the forward, and behind the data the band that parity leaves it.
std::string forward_marks(const Json& expiry) {
  std::string text;
  const Json& summary = expiry["summary"];
  if (summary.is_object() && summary.contains("parity") && summary["parity"].value("pairs", 0) > 0)
    text += fmt::format(
        "set object 1 rectangle from first {:.9g}, graph 0 to first {:.9g}, graph 1 behind "
        "fillcolor rgb '#009e73' fillstyle solid 0.25 noborder\n",
        summary["parity"].value("forward_low", 0.0), summary["parity"].value("forward_high", 0.0));
  const double forward = expiry["forward"].get<double>();
  return text + fmt::format(
                    "set arrow 1 from first {0:.9g}, graph 0 to first {0:.9g}, graph 1 nohead front dashtype 2 "
                    "linecolor rgb '#00795a'\n",
                    forward);
}

std::string name_of(const Json& expiry) {
  return to_string(ExpiryKey{expiry["expiry"].get<std::string>(), expiry["root"].get<std::string>()});
}

std::string script_of(const Json& data, const Json& expiry, const PlotRequest& request) {
  const bool smile = request.picture == PlotRequest::Picture::smile;
  const Bounds strikes = strikes_of(expiry);
  const Drawing drawing = smile ? smile_of(expiry, strikes) : density_of(expiry);
  const std::string underlying = data["underlying"].get<std::string>();
  const std::string title =
      (underlying.empty() ? "" : underlying + ", ") + name_of(expiry) +
      fmt::format(": {} (forward {:.4f})", smile ? "smile" : "density", expiry["forward"].get<double>());
  std::string text = "set encoding utf8\n" + terminal(request.format);
  text += "set title " + quoted(title) + "\nset xlabel 'strike'\nset ylabel " + quoted(drawing.axis) + "\n";
  text +=
      "set border 3\nset tics nomirror out\nset grid back linetype 1 linewidth 1 linecolor rgb '#dddddd'\nset key top "
      "right\n";
  text += fmt::format("set xrange [{:.9g}:{:.9g}]\n", strikes.low, strikes.high);
  if (drawing.heights.high > drawing.heights.low)
    text += fmt::format("set yrange [{:.9g}:{:.9g}]\n", drawing.heights.low, drawing.heights.high);
  text += forward_marks(expiry);
  std::string plotted;
  for (const DataBlock& block : drawing.blocks) {
    if (block.empty()) continue;
    text += block.text();
    plotted += (plotted.empty() ? "plot " : ", ") + block.plotted();
  }
  return text + (plotted.empty() ? "plot 0 notitle" : plotted) + "\n";
}

}  // namespace

Result<std::string> gnuplot_script(const CalibrationFiles& files, const PlotRequest& request, std::string_view where) {
  const auto calibration = read_calibration(files, where);
  if (!calibration) return calibration.problems();
  const Json data = report_data(calibration.value());
  std::vector<const Json*> found;
  std::string names;
  for (const Json& expiry : data["expiries"]) {
    names += (names.empty() ? "" : ", ") + name_of(expiry);
    if (request.expiry.empty() || request.expiry == name_of(expiry) || request.expiry == expiry["expiry"])
      found.push_back(&expiry);
  }
  if (found.size() != 1)
    return Problems{
        {fmt::format("{}: expiry is '{}', but must be one of {}", where, printable(request.expiry), names)}};
  return script_of(data, *found.front(), request);
}

}  // namespace strikenet
