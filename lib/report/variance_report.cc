#include "strikenet/report/variance_report.h"

#include <fmt/format.h>

#include <cmath>

#include "report/columns.h"

namespace strikenet {
namespace {

constexpr int kDigits = 8;

std::string shown(double number) {
  if (std::isinf(number)) return number > 0 ? "infinity" : "-infinity";
  return fmt::format("{:.{}g}", number, kDigits);
}

std::vector<Column> leg_columns(const std::vector<PricedStripLeg>& legs) {
  return {{"strike", [&](std::size_t i) { return number_cell(legs[i].strike.value()); }, kDigits},
          {"type", [&](std::size_t i) { return Cell(std::string(1, letter(legs[i].type))); }},
          {"units", [&](std::size_t i) { return number_cell(legs[i].units); }, kDigits},
          {"price", [&](std::size_t i) { return number_cell(legs[i].price); }, kDigits}};
}

/// Everything that both forms print, computed once.
struct Figures {
  double variance, truncation;
  double of_law,
      outside;          // outside: the part of the law's variance that strikes beyond the strip's or the quoted carry
  double discreteness;  // of the strip at the law's prices, less the law's variance between its strikes
  double gamma;
  VolSwapBounds vol_swap;
  std::optional<double> corridor;
};

double outside(const VarianceReport& report) {
  const double infinity = std::numeric_limits<double>::infinity();
  double low = 0, high = infinity;
  if (report.law.quoted) {
    low = report.law.quoted->lowest;
    high = report.law.quoted->highest;
  }
  if (report.strip && !report.strip->legs.empty()) {
    low = report.strip->legs.front().strike.value();
    high = report.strip->legs.back().strike.value();
  }
  double sum = 0;
  if (low > 0) sum += fair_corridor_variance(report.law, 0, low);
  if (high < infinity) sum += fair_corridor_variance(report.law, high, infinity);
  return sum;
}

/// The strip's variance if its options had the law's prices.
double at_law(const VarianceSwap& strip, const SurfaceSlice& law) {
  const double ratio = law.forward.value() / strip.boundary - 1;
  double variance = 2 / law.t.value() * (std::log1p(ratio) - ratio);
  for (const PricedStripLeg& leg : strip.legs)
    variance += leg.units * price(law, leg.type, leg.strike) / law.discount.value();
  return variance;
}

Figures figures_of(const VarianceReport& report) {
  const double of_law = fair_variance(report.law);
  Figures figures{.variance = report.from_quotes ? report.strip->fair_variance : of_law,
                  .truncation = 0,
                  .of_law = of_law,
                  .outside = outside(report),
                  .discreteness = report.strip ? at_law(*report.strip, report.law) - (of_law - outside(report)) : 0,
                  .gamma = fair_gamma_variance(report.law),
                  .vol_swap = vol_swap_bounds(report.law),
                  .corridor = {}};
  figures.truncation = report.from_quotes ? report.strip->truncation_error : figures.outside;
  if (report.corridor)
    figures.corridor = fair_corridor_variance(report.law, report.corridor->first, report.corridor->second);
  return figures;
}

std::string vol_of(double variance) { return shown(std::sqrt(std::max(0.0, variance))); }

std::string json_of(const VixTerm& term, std::string_view name) {
  return fmt::format(
      "{{\"expiry\": {}, \"t\": {}, \"variance\": {}, \"strip\": {}, \"forward\": {}, \"k0\": {}, \"options\": {}, "
      "\"lowest\": {}, \"highest\": {}}}",
      json_text(name), json_number(term.t.value()), json_number(term.variance), json_number(term.strip),
      json_number(term.forward), json_number(term.k0), term.options.size(), json_number(term.options.front().strike),
      json_number(term.options.back().strike));
}

/// The index of the laws, and why it differs from that of the strips, in points that add up to the difference.
struct LawsInPoints {
  double all;           ///< of the laws
  double truncation;    ///< strikes beyond those of the strips
  double discreteness;  ///< sums over strikes in place of integrals; the rule for K0
  double prices;        ///< the law's prices in place of the middles of the quotes
};

LawsInPoints in_points(const VixReport& report) {
  const auto& [near, next] = *report.laws;
  const auto index = [&](double of_near, double of_next) {
    VixTerm first = report.near, second = report.next;
    first.variance = of_near;
    second.variance = of_next;
    return vix_index(first, second);
  };
  const double all = index(near.variance, next.variance);
  const double inside = index(near.variance - near.outside, next.variance - next.outside);
  const double sums = index(near.at_law, next.at_law), quotes = vix_index(report.near, report.next);
  return {all, all - inside, inside - sums, sums - quotes};
}

}  // namespace

std::string variance_table(const VarianceReport& report) {
  const Figures figures = figures_of(report);
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<14}{}\n", name, value);
  };
  if (report.strip) {
    text += text_table_of(leg_columns(report.strip->legs), report.strip->legs.size()) + "\n";
  }
  line("expiry", fmt::format("{}, t {}, forward {}", to_string(report.law.key), shown(report.law.t.value()),
                             shown(report.law.forward.value())));
  line("fair vol", fmt::format("{}, fair variance {}, {}", vol_of(figures.variance), shown(figures.variance),
                               report.from_quotes ? "of the strip" : "of the fitted law"));
  if (report.strip) {
    const VarianceSwap& strip = *report.strip;
    if (!report.from_quotes)
      line("strip", fmt::format("vol {}, variance {}", vol_of(strip.fair_variance), shown(strip.fair_variance)));
    if (strip.bid_variance != strip.ask_variance)
      line("bid, ask", fmt::format("vol {} to {}", vol_of(strip.bid_variance), vol_of(strip.ask_variance)));
    line("tails", fmt::format("beyond the strikes: at most {} of variance is left out", shown(strip.truncation_error)));
    line("discreteness",
         fmt::format("{:+.4g} of variance by the strip in place of the integral, under the law", figures.discreteness));
    if (report.weights == StripWeights::chords)
      line("convexity", fmt::format("the strip pays at most {} of variance more than the log between its ends",
                                    shown(strip.convexity)));
  }
  if (report.from_quotes)
    line("fitted law", fmt::format("vol {}, variance {}", vol_of(figures.of_law), shown(figures.of_law)));
  line("extrapolated", fmt::format("{} of the law's variance stands at strikes beyond", shown(figures.outside)));
  line("gamma swap", fmt::format("vol {}, variance {}", vol_of(figures.gamma), shown(figures.gamma)));
  if (figures.corridor)
    line("corridor", fmt::format("variance {} while the forward is between {} and {}", shown(*figures.corridor),
                                 shown(report.corridor->first), shown(report.corridor->second)));
  line("vol swap", fmt::format("between {} and {} without jumps; at the money {}", shown(figures.vol_swap.lower),
                               shown(figures.vol_swap.upper), shown(figures.vol_swap.at_the_money)));
  return text;
}

std::string variance_json(const VarianceReport& report) {
  const Figures figures = figures_of(report);
  std::string text = fmt::format(
      "{{\n \"schema\": \"strikenet.varswap/1\",\n \"expiry\": {}, \"root\": {}, \"t\": {}, \"forward\": {}, "
      "\"discount\": {},\n "
      "\"fair_variance\": {},\n \"fair_vol\": {},\n \"truncation_error\": {},\n \"from\": \"{}\",\n",
      json_text(report.law.key.expiry), json_text(report.law.key.root), json_number(report.law.t.value()),
      json_number(report.law.forward.value()), json_number(report.law.discount.value()), json_number(figures.variance),
      json_number(std::sqrt(std::max(0.0, figures.variance))), json_number(figures.truncation),
      report.from_quotes ? "quotes" : "law");
  if (report.strip) {
    const VarianceSwap& strip = *report.strip;
    text += fmt::format(
        " \"strip\": {{\"weights\": \"{}\", \"boundary\": {}, \"variance\": {}, \"bid_variance\": {}, "
        "\"ask_variance\": {}, \"truncation_error\": {}, \"convexity\": {}}},\n",
        to_string(report.weights), json_number(strip.boundary), json_number(strip.fair_variance),
        json_number(strip.bid_variance), json_number(strip.ask_variance), json_number(strip.truncation_error),
        json_number(strip.convexity));
  }
  const std::string corridor =
      figures.corridor
          ? fmt::format("{{\"low\": {}, \"high\": {}, \"variance\": {}}}", json_number(report.corridor->first),
                        json_number(report.corridor->second), json_number(*figures.corridor))
          : "null";
  text += fmt::format(
      " \"law\": {{\"variance\": {}, \"extrapolated\": {}, \"discreteness\": {}, \"gamma_variance\": {}, \"corridor\": "
      "{}, \"vol_swap\": "
      "{{\"lower\": {}, \"at_the_money\": {}, \"upper\": {}}}}},\n",
      json_number(figures.of_law), json_number(figures.outside),
      report.strip ? json_number(figures.discreteness) : "null", json_number(figures.gamma), corridor,
      json_number(figures.vol_swap.lower), json_number(figures.vol_swap.at_the_money),
      json_number(figures.vol_swap.upper));
  const std::vector<PricedStripLeg> none, &legs = report.strip ? report.strip->legs : none;
  return text + fmt::format(" \"legs\": {}\n}}\n", json_of(leg_columns(legs), legs.size(), "  "));
}

LawOfTerm law_of_term(const VixTerm& term, const SurfaceSlice& law) {
  const double lowest = term.options.front().strike, highest = term.options.back().strike;
  LawOfTerm result{.variance = fair_variance(law),
                   .outside = fair_corridor_variance(law, 0, lowest) +
                              fair_corridor_variance(law, highest, std::numeric_limits<double>::infinity()),
                   .at_law = 0};
  const double forward = law.forward.value();
  std::vector<VixOption> options = term.options;
  for (VixOption& option : options) {
    const double put = price(law, OptionType::put, Strike(option.strike));
    const double call = price(law, OptionType::call, Strike(option.strike));
    option.price = option.strike == term.k0 ? (put + call) / 2 : option.strike < term.k0 ? put : call;
  }
  const double rate = -std::log(law.discount.value()) / law.t.value();
  result.at_law = vix_term(std::move(options), term.k0, Forward(forward), law.t, rate).variance;
  return result;
}

std::string vix_table(const VixReport& report) {
  std::string text;
  for (const auto& [name, term] : {std::pair(&report.near_name, &report.near), {&report.next_name, &report.next}})
    text += fmt::format("{:<17}{:.4f} days, variance {}, strip {}, forward {}, K0 {}, {} options from {} to {}\n",
                        *name, term->t.value() * 365, shown(term->variance), shown(term->strip), shown(term->forward),
                        shown(term->k0), term->options.size(), shown(term->options.front().strike),
                        shown(term->options.back().strike));
  const double vix = vix_index(report.near, report.next);
  text += fmt::format("{:<17}{:.6f}\n", "VIX", vix);
  if (!report.laws) return text;
  const LawsInPoints laws = in_points(report);
  text +=
      fmt::format("{:<17}{:.6f}, {:+.4f} against the VIX: truncation {:+.4f}, discreteness {:+.4f}, prices {:+.4f}\n",
                  "fitted laws", laws.all, laws.all - vix, laws.truncation, laws.discreteness, laws.prices);
  return text;
}

std::string vix_json(const VixReport& report) {
  std::string laws = "null";
  if (report.laws) {
    const LawsInPoints points = in_points(report);
    laws = fmt::format("{{\"vix\": {}, \"truncation\": {}, \"discreteness\": {}, \"prices\": {}}}",
                       json_number(points.all), json_number(points.truncation), json_number(points.discreteness),
                       json_number(points.prices));
  }
  return fmt::format(
      "{{\n \"schema\": \"strikenet.vix/1\",\n \"vix\": {},\n \"near\": {},\n \"next\": {},\n \"laws\": {}\n}}\n",
      json_number(vix_index(report.near, report.next)), json_of(report.near, report.near_name),
      json_of(report.next, report.next_name), laws);
}

}  // namespace strikenet
