#include "varswap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <ostream>
#include <utility>

#include "chain_slice.h"
#include "exit_status.h"
#include "number_list.h"
#include "strikenet/io/read_strip.h"
#include "strikenet/io/surface_json.h"
#include "strikenet/report/variance_report.h"

namespace strikenet::app {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Inputs = Result<std::vector<Input>>;

using Range = std::pair<double, double>;

/// "LOW:HIGH"; HIGH may be left empty where `open`.
std::optional<Range> range_of(const std::string& text, bool open) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string high = text.substr(colon + 1);
  const Range range{number_of(text.substr(0, colon)), open && high.empty() ? kInfinity : number_of(high)};
  const bool within = range.second <= 1e12 || (open && high.empty());
  const bool tiny = range.first > 0 && range.first < 1e-12;  // strips weigh by 1 / K^2
  if (!(range.first >= 0 && range.second > range.first && within) || tiny) return std::nullopt;
  return range;
}

struct VarswapSettings {
  FitSettings fit = {};
  StripOptions strip = {};
  std::vector<double> strikes = {};
  std::optional<Range> corridor = {};
  bool from_surface = false;
  Problems problems = {};
};

VarswapSettings settings_of(const VarswapCommand& command, const Inputs& inputs) {
  VarswapSettings settings{.fit = fit_settings_of(command.words, {command.surface})};
  settings.problems = settings.fit.problems;
  const auto reject = [&](std::string_view option, const std::string& value, std::string_view rule) {
    settings.problems.lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
  };
  if (const auto weights = parse_strip_weights(command.weights))
    settings.strip.weights = *weights;
  else
    reject("--weights", command.weights, "chords or trapezoid");
  if (const auto ends = range_of(command.ends, false)) {
    settings.strip.low_end = ends->first;
    settings.strip.high_end = ends->second;
  } else if (!command.ends.empty()) {
    reject("--ends", command.ends, "LOW:HIGH, each 0 or from 1e-12 to 1e12, with LOW below HIGH");
  }
  settings.corridor = range_of(command.corridor, true);
  if (!settings.corridor && !command.corridor.empty())
    reject("--corridor", command.corridor,
           "LOW:HIGH, each 0 or from 1e-12 to 1e12, with LOW below HIGH, or LOW: without an upper end");
  settings.strikes =
      numbers_of(command.strikes, {"--strikes", 1e-12, 1e12, "a number from 1e-12 to 1e12"}, settings.problems);
  std::ranges::sort(settings.strikes);
  settings.strikes.erase(std::ranges::unique(settings.strikes).begin(), settings.strikes.end());
  settings.from_surface = is_one(InputKind::surface, command.words, inputs);
  if (settings.from_surface && !command.surface.empty())
    settings.problems.lines.push_back("--surface has a meaning for a chain alone");
  if (!settings.from_surface && !settings.strikes.empty())
    settings.problems.lines.push_back("--strikes has a meaning for a surface alone: a chain has its own");
  return settings;
}

/// What the quotes of a strip would be if they were the law's prices.
HedgeMarket priced(const SurfaceSlice& slice, const std::vector<double>& strikes) {
  HedgeMarket market{.quotes = {}, .discount = slice.discount, .forward = slice.forward};
  for (const double strike : strikes)
    for (const OptionType type : {OptionType::put, OptionType::call})
      if (const double value = price(slice, type, Strike(strike)); value > 0)
        market.quotes.push_back({type, Strike(strike), value, value});
  return market;
}

/// What is priced: a law, and quotes where there are any.
struct Underlying {
  SurfaceSlice law;
  std::optional<HedgeMarket> market;
};

/// A chain of one slice needs no name of it.
std::string expiry_or_only(const std::string& expiry, const Chain& chain) {
  return expiry.empty() && chain.slices.size() == 1 ? to_string(chain.slices.front().key) : expiry;
}

Result<Underlying> from_chain(const VarswapCommand& command, VarswapSettings& settings, const Inputs& pages) {
  const auto chain = chain_of(command.words, settings.fit, pages);
  if (!chain) return chain.problems();
  const auto slice = slice_of(chain.value(), expiry_or_only(command.expiry, chain.value()), command.words.root);
  if (!slice) return slice.problems();
  auto law = law_of(chain.value(), slice.value(), command.surface);
  if (!law) return law.problems();
  return Underlying{std::move(law).value(), hedge_market(chain.value(), slice.value())};
}

Result<Underlying> from_surface(const VarswapCommand& command, const VarswapSettings& settings, const Input& input) {
  const auto surface = parse_surface(input.bytes, input.name);
  if (!surface) return surface.problems();
  // A surface's expiries are named like a chain's.
  Chain names;
  for (const SurfaceSlice& slice : surface.value().slices)
    names.slices.push_back({.key = slice.key, .t = slice.t, .forward = slice.forward, .discount = slice.discount});
  const auto slice = slice_of(names, expiry_or_only(command.expiry, names), command.words.root);
  if (!slice) return slice.problems();
  const SurfaceSlice& law = surface.value().slices[slice.value()];
  if (settings.strikes.empty()) return Underlying{law, std::nullopt};
  return Underlying{law, priced(law, settings.strikes)};
}

/// What is no law has figures that are none. Infinite ones are: of a law that may end at 0.
Problems problems_of(const std::string& name, const SurfaceSlice& law) {
  const VolSwapBounds vol = vol_swap_bounds(law);
  for (const double figure : {fair_variance(law), fair_gamma_variance(law), vol.lower, vol.at_the_money, vol.upper})
    if (!(figure >= 0))
      return {
          {fmt::format("{}: a variance or vol of {} is below 0 or none, but a law's is not: 'strikenet check' says "
                       "what stands against this one",
                       name, to_string(law.key))}};
  return {};
}

}  // namespace

int run_varswap(const VarswapCommand& command, std::ostream& out, std::ostream& err) try {
  const Inputs inputs = read_inputs(command.words.chain);
  VarswapSettings settings = settings_of(command, inputs);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  const auto underlying = settings.from_surface ? from_surface(command, settings, inputs.value().front())
                                                : from_chain(command, settings, inputs);
  if (!underlying) return report(underlying.problems(), err, bad_input);
  const auto& [law, market] = underlying.value();
  const std::string& of_law = command.surface.empty() ? inputs.value().front().name : command.surface;
  if (const Problems problems = problems_of(of_law, law); !problems.lines.empty())
    return report(problems, err, bad_input);
  VarianceReport found{.law = law, .weights = settings.strip.weights, .corridor = settings.corridor};
  if (market) {
    found.strip = variance_swap(*market, law.t, settings.strip);
    found.from_quotes = !settings.from_surface;
    if (!found.strip) {
      err << fmt::format("{}: strikes with a put and a call around the forward are missing, but a strip needs them\n",
                         to_string(law.key));
      return bad_input;
    }
  }
  out << (command.json ? variance_json(found) : variance_table(found));
  return done;
} catch (const PreconditionError& error) {  // ends that lie within the strikes
  err << error.what() << '\n';
  return wrong_usage;
}

// --- vix -------------------------------------------------------------------------------------------------------------

namespace {

Problems problems_of(const VixCommand& command, bool is_strip) {
  Problems problems;
  const auto pair = [&](std::string_view option, const std::vector<double>& numbers) {
    if (is_strip && numbers.size() != 2)
      problems.lines.push_back(fmt::format("{} is missing, but a strip file needs it: NEAR,NEXT", option));
    if (!is_strip && !numbers.empty())
      problems.lines.push_back(fmt::format("{} has a meaning for a strip file alone", option));
  };
  pair("--minutes", command.minutes);
  pair("--rates", command.rates);
  pair("--forwards", command.forwards);
  if (is_strip && !command.expiries.empty()) problems.lines.push_back("--expiry has a meaning for a chain alone");
  const auto positive = [&](std::string_view option, const std::vector<double>& numbers) {
    for (const double number : numbers)
      if (!(number >= 1e-6 && number <= 1e12))
        problems.lines.push_back(fmt::format("{} is {}, but must be from 1e-6 to 1e12", option, number));
  };
  positive("--minutes", command.minutes);
  positive("--forwards", command.forwards);
  for (const double rate : command.rates)
    if (!(std::abs(rate) <= 10))
      problems.lines.push_back(fmt::format("--rates is {}, but must be from -10 to 10", rate));
  if (command.minutes.size() == 2 && !(command.minutes[0] < command.minutes[1]))
    problems.lines.push_back("--minutes must be of the near expiry first, then of the next");
  return problems;
}

/// K0 is the highest strike at or below the forward.
std::string broken_rule(std::string_view name, const VixTerm& term) {
  const auto next =
      std::ranges::find_if(term.options, [&](const VixOption& option) { return option.strike > term.k0; });
  if (term.forward >= term.k0 && (next == term.options.end() || term.forward < next->strike)) return {};
  return fmt::format("--forwards of {} is {}, but must be at least K0, {}{}", name, term.forward, term.k0,
                     next == term.options.end() ? "" : fmt::format(", and below the next strike, {}", next->strike));
}

/// Variances that are none.
Problems problems_of(const VixReport& report) {
  Problems problems;
  const auto reject = [&](std::string_view what, double variance) {
    problems.lines.push_back(fmt::format("{} is {}, but must be finite and at least 0", what,
                                         std::isnan(variance) ? std::abs(variance) : variance));
  };
  const auto fine = [](double variance) { return variance >= 0 && std::isfinite(variance); };
  for (const auto& [name, term] : {std::pair(&report.near_name, &report.near), {&report.next_name, &report.next}})
    if (!fine(term->variance)) reject(*name + ": variance", term->variance);
  if (!problems.lines.empty()) return problems;
  const auto of_30_days = [&](double of_near, double of_next) {
    VixTerm near = report.near, next = report.next;
    near.variance = of_near;
    next.variance = of_next;
    return vix_index(near, next);
  };
  if (!fine(of_30_days(report.near.variance, report.next.variance)))
    problems.lines.push_back("variance of 30 days is below 0 or not finite, but the index is its root");
  if (!report.laws) return problems;
  const auto& [near, next] = *report.laws;
  if (!fine(of_30_days(near.variance, next.variance)) || !fine(of_30_days(near.at_law, next.at_law)) ||
      !fine(of_30_days(near.variance - near.outside, next.variance - next.outside)))
    problems.lines.push_back(
        "variance of 30 days of the fitted laws is below 0 or not finite, but the index is its root");
  return problems;
}

int print(const VixReport& found, bool json, std::ostream& out, std::ostream& err) {
  if (const Problems problems = problems_of(found); !problems.lines.empty()) return report(problems, err, bad_input);
  out << (json ? vix_json(found) : vix_table(found));
  return done;
}

VixTerm term_of(const std::vector<StripRow>& rows, double minutes, double rate, double forward) {
  std::vector<VixOption> options;
  double k0 = 0;
  for (const StripRow& row : rows) {
    options.push_back({row.strike, row.price});
    if (row.at_k0) k0 = row.strike;
  }
  return vix_term(std::move(options), k0, Forward(forward), YearFraction(minutes / 525'600), rate);
}

int vix_of_strips(const VixCommand& command, const Input& input, std::ostream& out, std::ostream& err) {
  const auto file = read_strip(input);
  if (!file) return report(file.problems(), err, bad_input);
  const VixTerm near = term_of(file.value().near, command.minutes[0], command.rates[0], command.forwards[0]);
  const VixTerm next = term_of(file.value().next, command.minutes[1], command.rates[1], command.forwards[1]);
  Problems problems;
  for (const std::string& broken : {broken_rule("near", near), broken_rule("next", next)})
    if (!broken.empty()) problems.lines.push_back(broken);
  if (!problems.lines.empty()) return report(problems, err, bad_input);
  return print({"near", "next", near, next}, command.json, out, err);
}

Result<VixSlices> slices_of(const VixCommand& command, const Chain& chain, const std::string& name) {
  if (command.expiries.empty()) {
    if (const auto slices = vix_slices(chain, command.words.root)) return *slices;
    return Problems{
        {fmt::format("{}: expiries on both sides of 30 days are missing, but the index stands between two", name)}};
  }
  const std::vector<std::string> names = parts_of(command.expiries);
  if (names.size() != 2)
    return Problems{{fmt::format("--expiry is '{}', but must be two: NEAR,NEXT", command.expiries)}};
  const auto near = slice_of(chain, names[0], command.words.root), next = slice_of(chain, names[1], command.words.root);
  if (!near) return near.problems();
  if (!next) return next.problems();
  if (!(chain.slices[near.value()].t < chain.slices[next.value()].t))
    return Problems{{fmt::format("--expiry is '{}', but must be the nearer expiry first", command.expiries)}};
  return VixSlices{near.value(), next.value()};
}

int vix_of_chain(const VixCommand& command, const Inputs& pages, std::ostream& out, std::ostream& err) {
  FitSettings settings = fit_settings_of(command.words);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  const auto chain = chain_of(command.words, settings, pages);
  if (!chain) return report(chain.problems(), err, bad_input);
  const auto slices = slices_of(command, chain.value(), pages.value().front().name);
  if (!slices) return report(slices.problems(), err, bad_input);
  std::vector<VixTerm> terms;
  std::vector<LawOfTerm> laws;
  for (const std::size_t i : {slices.value().near, slices.value().next}) {
    const ChainSlice& slice = chain.value().slices[i];
    const double rate = -std::log(slice.discount.value()) / slice.t.value();
    auto term = vix_term(vix_quotes(chain.value(), i), slice.t, rate);
    if (!term) {
      err << fmt::format("{}: a strike with bids of put and call is missing, but the forward is found there\n",
                         to_string(slice.key));
      return bad_input;
    }
    const auto law = law_of(chain.value(), i, "");
    if (!law) return report(law.problems(), err, bad_input);
    laws.push_back(law_of_term(*term, law.value()));
    terms.push_back(std::move(*term));
  }
  const VixReport found{to_string(chain.value().slices[slices.value().near].key),
                        to_string(chain.value().slices[slices.value().next].key), terms[0], terms[1],
                        std::pair(laws[0], laws[1])};
  return print(found, command.json, out, err);
}

}  // namespace

int run_vix(const VixCommand& command, std::ostream& out, std::ostream& err) {
  const Inputs inputs = read_inputs(command.words.chain);
  const bool is_strip = is_one(InputKind::strip, command.words, inputs);
  if (const Problems problems = problems_of(command, is_strip); !problems.lines.empty())
    return report(problems, err, wrong_usage);
  return is_strip ? vix_of_strips(command, inputs.value().front(), out, err) : vix_of_chain(command, inputs, out, err);
}

}  // namespace strikenet::app
