#include "report/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "strikenet/surface/call_surface.h"

namespace strikenet {
namespace {

using Json = nlohmann::ordered_json;

// Points of a curve: so many over all quoted strikes, and again so many over those within six deviations.
constexpr int kStrikes = 120;
constexpr double kNear = 6;
// The grid of the surface, in at-the-money deviations of log strike / forward.
constexpr double kLowest = -4, kHighest = 2.6, kStep = 0.2;
constexpr double kTail = 1e-4;          // where a tail holds less, the law is what the smoothing made it
constexpr std::size_t kMostTimes = 80;  // of the grid, as far as the expiries allow
constexpr int kTermPoints = 120;        // of the at-the-money curve
constexpr double kDensityTail = 1e-6;   // where the density's curve ends

/// With seven digits, which a picture needs no more of; null for NaN and infinity.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.7g}", value).c_str(), nullptr);
}
Json number(std::optional<double> value) { return value ? number(*value) : Json(nullptr); }

template <class Range, class Of>
Json numbers(const Range& range, Of of) {
  Json array = Json::array();
  for (const auto& item : range)
    array.push_back(number(of(item)));
  return array;
}

double atm_total_vol(const SurfaceSmile& smile) {
  const double vol = smile.total_vol(1).value();
  return vol > 0 ? vol : 0.01;
}

/// From the lowest to the highest, where something was quoted and a little beyond.
std::vector<double> strikes_of(const SurfaceSmile& smile, const std::vector<QuoteLine>& quotes) {
  const double forward = smile.forward().value(), deviation = atm_total_vol(smile);
  double low = forward * std::exp(-4 * deviation), high = forward * std::exp(3 * deviation);
  for (const QuoteLine& quote : quotes) {
    low = std::min(low, quote.strike);
    high = std::max(high, quote.strike);
  }
  const double near_low = std::max(low, forward * std::exp(-kNear * deviation)),
               near_high = std::min(high, forward * std::exp(kNear * deviation));
  std::vector<double> strikes;
  for (int i = 0; i <= kStrikes; ++i) {
    strikes.push_back(low + (high - low) * i / kStrikes);
    strikes.push_back(near_low + (near_high - near_low) * i / kStrikes);
  }
  std::ranges::sort(strikes);
  strikes.erase(std::unique(strikes.begin(), strikes.end()), strikes.end());
  return strikes;
}

Json model_of(const SurfaceSmile& smile, const std::vector<QuoteLine>& quotes) {
  const auto strikes = strikes_of(smile, quotes);
  const auto price = [&](double strike) {
    return smile.price(strike < smile.forward().value() ? OptionType::put : OptionType::call, Strike(strike));
  };
  return {{"strike", numbers(strikes, [](double strike) { return strike; })},
          {"vol", numbers(strikes, [&](double strike) { return smile.vol(Strike(strike)).value(); })},
          {"price", numbers(strikes, price)}};
}

/// At the knots, between which a hat's density is straight; a box's is level between them, and gets two points.
Json density_of(const SurfaceSlice& slice, const SurfaceSmile& smile) {
  const double forward = slice.forward.value();
  Json strikes = Json::array(), values = Json::array();
  if (slice.curve.activation() == Activation::relu) {
    for (std::size_t j = 0; j < slice.curve.nodes().size(); ++j) {
      strikes.push_back(number(forward * slice.curve.nodes()[j]));
      values.push_back(number(slice.curve.weights()[j]));
    }
    return {{"kind", "points"}, {"strike", strikes}, {"value", values}};
  }
  const double low = smile.quantile(kDensityTail).value(), high = smile.quantile(1 - kDensityTail).value();
  const bool boxes = slice.curve.activation() == Activation::quadratic;
  const auto knots = slice.curve.knots();
  const auto add = [&](double strike, double at) {
    strikes.push_back(number(strike));
    values.push_back(number(smile.density(Strike(at))));
  };
  for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
    const double left = forward * knots[i], right = forward * knots[i + 1];
    if (right < low || left > high) continue;
    add(left, boxes ? (left + right) / 2 : left);
    if (boxes || right > high || i + 2 == knots.size()) add(right, boxes ? (left + right) / 2 : right);
  }
  return {{"kind", boxes ? "steps" : "lines"}, {"strike", strikes}, {"value", values}};
}

Json quantiles_of(const SurfaceSmile& smile) {
  Json result = Json::object();
  for (const char* p : {"0.001", "0.01", "0.05", "0.5", "0.95", "0.99", "0.999"})
    result[p] = number(smile.quantile(std::strtod(p, nullptr)).value());
  return result;
}

std::string flags(const std::vector<QuoteLine>& quotes, auto letter_of) {
  std::string text;
  for (const QuoteLine& quote : quotes)
    text += letter_of(quote);
  return text;
}

/// Columns, one entry per quote.
Json quotes_of(const std::vector<QuoteLine>& quotes, const SurfaceSlice* slice) {
  const auto column = [&](auto member) {
    return numbers(quotes, [=](const QuoteLine& quote) { return quote.*member; });
  };
  Json json = {{"row", column(&QuoteLine::row)},
               {"strike", column(&QuoteLine::strike)},
               {"type", flags(quotes, [](const QuoteLine& quote) { return letter(quote.type); })},
               {"bid", column(&QuoteLine::bid)},
               {"ask", column(&QuoteLine::ask)},
               {"used", flags(quotes, [](const QuoteLine& quote) { return quote.used ? '1' : '0'; })}};
  Json reasons = Json::object();
  for (std::size_t i = 0; i < quotes.size(); ++i)
    if (!quotes[i].used) reasons[std::to_string(i)] = quotes[i].reason;
  json["reason"] = reasons;
  if (!slice) return json;
  json["model"] = column(&QuoteLine::model);
  json["model_vol"] = column(&QuoteLine::model_vol);
  json["bid_vol"] = column(&QuoteLine::bid_vol);
  json["ask_vol"] = column(&QuoteLine::ask_vol);
  json["mid_vol"] = column(&QuoteLine::mid_vol);
  json["inside"] =
      flags(quotes, [](const QuoteLine& quote) { return quote.inside ? (*quote.inside ? '1' : '0') : '-'; });
  return json;
}

/// What summary.json says of this expiry; null when nothing.
Json summary_of(const Json& summary, const ExpiryKey& key) {
  for (const Json& expiry : summary["expiries"])
    if (expiry.is_object() && expiry.value("expiry", Json()) == key.expiry &&
        expiry.value("root", Json("")) == key.root)
      return expiry;
  return nullptr;
}

Json expiry_of(const QuotesOfExpiry& expiry, const ReadCalibration& calibration, const CallSurface& surface) {
  Json json = {{"expiry", expiry.key.expiry}, {"root", expiry.key.root}};
  if (!expiry.slice) {
    json["quotes"] = quotes_of(expiry.quotes, nullptr);
    return json;
  }
  const SurfaceSlice& slice = calibration.surface.slices[*expiry.slice];
  const SurfaceSmile smile = surface.of_slice(*expiry.slice);
  json["t"] = slice.t.value();
  json["forward"] = slice.forward.value();
  json["discount"] = slice.discount.value();
  json["atm_vol"] = number(smile.total_vol(1).value() / std::sqrt(slice.t.value()));
  json["quantiles"] = quantiles_of(smile);
  json["model"] = model_of(smile, expiry.quotes);
  json["density"] = density_of(slice, smile);
  json["quotes"] = quotes_of(expiry.quotes, &slice);
  json["summary"] = summary_of(calibration.summary, expiry.key);
  return json;
}

/// The expiries and, where order in time lets times between them mean something, as many between each two as fit.
std::vector<double> times_of(const Surface& surface) {
  const auto& slices = surface.slices;
  const std::size_t between = surface.calendar ? std::min<std::size_t>(3, kMostTimes / slices.size()) : 1;
  std::vector<double> times{slices[0].t.value()};
  for (std::size_t n = 1; n < slices.size(); ++n)
    for (std::size_t i = 1; slices[n].t > slices[n - 1].t && i <= std::max<std::size_t>(1, between); ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(std::max<std::size_t>(1, between));
      const double before = slices[n - 1].t.value(), after = slices[n].t.value();
      times.push_back(share == 1 ? after : before * std::pow(after / before, share));
    }
  return times;
}

/// One row per time, one column per deviation. Empty where a tail holds next to nothing.
Json surface_of(const CallSurface& surface) {
  std::vector<double> deviations;
  for (double x = kLowest; x < kHighest + kStep / 2; x += kStep)
    deviations.push_back(x);
  const auto times = times_of(surface.surface());
  const bool local = surface.surface().calendar && surface.surface().activation != Activation::relu;
  Json variance = Json::array(), local_vol = Json::array(), atm = Json::array();
  for (const double t : times) {
    const SurfaceSmile smile = surface.at(YearFraction(t));
    const double deviation = atm_total_vol(smile);
    const auto at = [&](double x, auto of) {
      const Strike strike(smile.forward().value() * std::exp(x * deviation));
      return smile.below(strike) > kTail && smile.above(strike) > kTail ? of(strike) : std::nan("");
    };
    atm.push_back(number(deviation));
    variance.push_back(numbers(
        deviations, [&](double x) { return at(x, [&](Strike strike) { return smile.total_variance(strike); }); }));
    if (local)
      local_vol.push_back(numbers(
          deviations, [&](double x) { return at(x, [&](Strike strike) { return smile.local_vol(strike).value(); }); }));
  }
  const auto same = [](double value) { return value; };
  return {{"deviation", numbers(deviations, same)},
          {"t", numbers(times, same)},
          {"atm_total_vol", atm},
          {"total_variance", variance},
          {"local_vol", local ? local_vol : Json(nullptr)}};
}

/// At-the-money vols at times between the first expiry and the last; null where such times have no meaning.
Json term_of(const CallSurface& surface) {
  const auto& slices = surface.surface().slices;
  if (!surface.surface().calendar || slices.size() < 2) return nullptr;
  const double first = slices.front().t.value(), last = slices.back().t.value();
  if (first == last) return nullptr;
  std::vector<double> times;
  for (int i = 0; i <= kTermPoints; ++i)
    times.push_back(i == kTermPoints ? last : first * std::pow(last / first, static_cast<double>(i) / kTermPoints));
  return {{"t", numbers(times, [](double t) { return t; })},
          {"vol",
           numbers(times, [&](double t) { return surface.at(YearFraction(t)).total_vol(1).value() / std::sqrt(t); })}};
}

}  // namespace

Json report_data(const ReadCalibration& calibration) {
  const CallSurface surface(calibration.surface);
  Json json = {{"schema", "strikenet.report/2"},
               {"run", calibration.surface.run.empty() ? Json(nullptr) : Json(calibration.surface.run)},
               {"as_of", calibration.surface.as_of},
               {"underlying", calibration.surface.underlying},
               {"activation", std::string(to_string(calibration.surface.activation))},
               {"calendar", calibration.surface.calendar}};
  Json expiries = Json::array(), unfitted = Json::array();
  for (const QuotesOfExpiry& expiry : calibration.expiries)
    (expiry.slice ? expiries : unfitted).push_back(expiry_of(expiry, calibration, surface));
  json["expiries"] = std::move(expiries);
  json["unfitted"] = std::move(unfitted);
  json["surface"] = surface_of(surface);
  json["term"] = term_of(surface);
  json["summary"] = calibration.summary;
  return json;
}

}  // namespace strikenet
