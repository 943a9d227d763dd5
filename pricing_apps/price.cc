#include "price.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <utility>

#include "exit_status.h"
#include "expiry_finder.h"
#include "fit_again.h"
#include "output_files.h"
#include "price_settings.h"
#include "printable_output.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/instant.h"
#include "strikenet/io/read_book.h"
#include "strikenet/io/read_holidays.h"
#include "strikenet/io/surface_json.h"
#include "strikenet/market/settlement.h"
#include "strikenet/report/explanation.h"
#include "strikenet/report/payoff_prices.h"
#include "strikenet/report/price_table.h"
#include "strikenet/surface/call_surface.h"

namespace strikenet::app {
namespace {

constexpr std::size_t kMostOptions = 5'000'000;  // some 2 GB
constexpr std::size_t kMostExplained = 1000;     // a number per option and quote

// --- files -----------------------------------------------------------------------------------------------------------

/// What the files say, and everything wrong with them.
struct Files {
  std::optional<Surface> surface = {};
  std::vector<BookOption> book = {};
  std::optional<Replica> payoff = {};
  Problems problems = {};

  /// The value, or the default with its problems noted.
  template <class T>
  T taken(Result<T> result, T otherwise) {
    if (result) return std::move(result).value();
    problems.lines.insert(problems.lines.end(), result.problems().lines.begin(), result.problems().lines.end());
    return otherwise;
  }
};

/// Gives a surface without as-of, or with a mere date, the one that the user names.
void set_as_of(const PriceCommand& command, Surface& surface, Problems& problems) {
  if (command.as_of.empty()) return;
  const std::string as_of = to_string(*parse_instant(command.as_of));
  if (parse_instant(surface.as_of) && surface.as_of != as_of)
    problems.lines.push_back(
        fmt::format("--as-of is '{}', but must be left out: that of the surface is {}", command.as_of, surface.as_of));
  surface.as_of = as_of;
}

Files read_files(const PriceCommand& command, PriceSettings& settings) {
  Files files;
  if (auto surface = read_surface(command.surface))
    files.surface = std::move(surface).value();
  else
    files.problems = surface.problems();
  if (files.surface) set_as_of(command, *files.surface, files.problems);
  if (!command.options_file.empty()) files.book = files.taken(read_book_file(command.options_file), {});
  if (!command.payoff.empty()) {
    auto payoff = read_replica(command.payoff, command.payoff_words, "--payoff");
    if (payoff)
      files.payoff = std::move(payoff).value();
    else
      files.problems.lines.insert(files.problems.lines.end(), payoff.problems().lines.begin(),
                                  payoff.problems().lines.end());
  }
  if (!settings.holiday_file.empty())
    settings.days.holidays = files.taken(read_holidays_file(settings.holiday_file), {});
  return files;
}

// --- what is asked for -----------------------------------------------------------------------------------------------

/// Expiries in the order in which they are asked for, and of a book those of its lines.
struct Expiries {
  std::vector<AskedExpiry> asked = {};
  std::vector<std::size_t> of_line = {};
  Problems problems = {};
};

Expiries listed_expiries(const PriceSettings& settings, const ExpiryFinder& finder) {
  Expiries expiries;
  if (settings.expiries.empty()) expiries.asked = finder.all();
  for (const auto& [text, written] : settings.expiries) {
    const FoundExpiries found = finder.find(written);
    expiries.asked.insert(expiries.asked.end(), found.expiries.begin(), found.expiries.end());
    if (!found.broken_rule.empty())
      expiries.problems.lines.push_back(fmt::format("--expiry is '{}', but must be {}", text, found.broken_rule));
  }
  return expiries;
}

/// Of a line without root whose date has several.
std::string several_roots(const std::vector<AskedExpiry>& expiries) {
  std::string roots;
  for (const AskedExpiry& expiry : expiries)
    roots.append(roots.empty() ? "" : " or ").append(expiry.key.root.empty() ? "none" : expiry.key.root);
  return "of one root, named in the column root or by --root: " + roots;
}

Expiries expiries_of_book(const std::vector<BookOption>& book, const std::string& file, const ExpiryFinder& finder) {
  Expiries expiries;
  std::map<ExpiryKey, std::pair<std::size_t, std::string>> known;  // number, or the rule that is broken
  for (const BookOption& option : book) {
    const auto [at, is_new] = known.try_emplace(option.key);
    auto& [number, broken_rule] = at->second;
    if (is_new) {
      FoundExpiries found = finder.find({option.key, option.t});
      broken_rule = found.expiries.size() > 1 ? several_roots(found.expiries) : found.broken_rule;
      number = expiries.asked.size();
      if (broken_rule.empty()) expiries.asked.push_back(found.expiries.front());
    }
    expiries.of_line.push_back(number);
    if (!broken_rule.empty())
      expiries.problems.lines.push_back(
          fmt::format("{}:{}: expiry is '{}', but must be {}", file, option.line, option.key.expiry, broken_rule));
  }
  return expiries;
}

/// One option, or a call and a put.
void add_options(std::size_t expiry, Strike strike, std::optional<double> moneyness, Types types, Forward forward,
                 std::vector<AskedOption>& options) {
  const bool put_is_out = strike.value() < forward.value();
  if (types == Types::call || types == Types::both || (types == Types::out_of_the_money && !put_is_out))
    options.push_back({expiry, OptionType::call, strike, moneyness});
  if (types == Types::put || types == Types::both || (types == Types::out_of_the_money && put_is_out))
    options.push_back({expiry, OptionType::put, strike, moneyness});
}

std::vector<AskedOption> listed_options(const PriceSettings& settings, const CallSurface& surface,
                                        const std::vector<AskedExpiry>& expiries) {
  std::vector<AskedOption> options;
  for (std::size_t i = 0; i < expiries.size(); ++i) {
    const SurfaceSmile smile = smile_of(surface, expiries[i]);
    const Forward forward = smile.forward();
    for (const double strike : settings.strikes)
      add_options(i, Strike(strike), {}, settings.types, forward, options);
    for (const double moneyness : settings.moneyness)
      add_options(i, Strike(moneyness * forward.value()), moneyness, settings.types, forward, options);
    for (const double probability : settings.quantiles)
      add_options(i, smile.quantile(probability), {}, settings.types, forward, options);
  }
  return options;
}

std::vector<AskedOption> options_of_book(const std::vector<BookOption>& book, const Expiries& expiries, Types types,
                                         const CallSurface& surface) {
  std::vector<Forward> forwards;
  for (const AskedExpiry& expiry : expiries.asked)
    forwards.push_back(smile_of(surface, expiry).forward());
  std::vector<AskedOption> options;
  for (std::size_t line = 0; line < book.size(); ++line) {
    const std::size_t expiry = expiries.of_line[line];
    const auto type = book[line].type;
    const Types wanted = !type ? types : *type == OptionType::call ? Types::call : Types::put;
    add_options(expiry, book[line].strike, {}, wanted, forwards[expiry], options);
  }
  return options;
}

// --- the surface -----------------------------------------------------------------------------------------------------

/// The clock that the options choose; days begin where the options of the first expiry settle.
Result<VarianceClock> clock_of(const PriceCommand& command, PriceSettings& settings, const Surface& surface,
                               const std::vector<AskedExpiry>& expiries) {
  if (!settings.trading_days) return VarianceClock();
  const auto as_of = parse_instant(surface.as_of);
  if (!as_of)
    return Problems{{command.surface +
                     ": as_of is not there or no instant, but --clock trading-days counts from it: pass --as-of"}};
  double until = surface.slices.back().t.value();
  for (const AskedExpiry& expiry : expiries)
    until = std::max(until, expiry.t.value());
  constexpr double kMostYears = 100;
  settings.days.zone = settlement_of(surface.slices.front().key.root).zone;
  return VarianceClock::trading_days(*as_of, settings.days, YearFraction(std::min(until, kMostYears)));
}

/// Where the clock stands still from the as-of to an expiry there is nothing to price.
Problems not_begun(const VarianceClock& clock, const std::vector<AskedExpiry>& expiries) {
  Problems problems;
  for (const AskedExpiry& expiry : expiries)
    if (!(clock.at(expiry.t) > 0))
      problems.lines.push_back(
          fmt::format("--clock: expiry is '{}', but must be after the first day that counts more than 0 begins",
                      to_string(expiry.key)));
  return problems;
}

/// A surface that cannot be priced is bad input, for its numbers come from a file.
Result<CallSurface> call_surface(const PriceCommand& command, PriceSettings& settings, Surface surface,
                                 const std::vector<AskedExpiry>& expiries) try {
  const auto clock = clock_of(command, settings, surface, expiries);
  if (!clock) return clock.problems();
  if (Problems problems = not_begun(clock.value(), expiries); !problems.lines.empty()) return problems;
  return CallSurface(std::move(surface),
                     {.clock = clock.value(), .spot = command.spot, .local_vol_cap = command.local_vol_cap});
} catch (const PreconditionError& error) {
  return Problems{{fmt::format("{}: {}", command.surface, error.what())}};
}

// --- what is said ----------------------------------------------------------------------------------------------------

std::string note_of_proof(const PriceCommand& command, const Certificate& certificate) {
  if (certificate.arbitrage_free()) return {};
  return fmt::format("note: {} is not proved free of arbitrage ({}): 'strikenet check' says why\n", command.surface,
                     status(certificate));
}

std::string note_of_vols(std::size_t without, std::size_t options) {
  if (without == 0) return {};
  return fmt::format("note: {} of {} options have no vol: where the law ends before the strike, prices are intrinsic\n",
                     without, options);
}

/// Of the steps beyond the last expiry, when a price depends on them.
std::string note_of_steps(const CallSurface& surface, const std::vector<PricedExpiry>& expiries) {
  const YearFraction last = surface.surface().slices.back().t;
  const bool beyond = std::ranges::any_of(expiries, [&](const PricedExpiry& expiry) { return expiry.t > last; });
  if (!beyond || surface.capped_nodes() == 0) return {};
  return fmt::format("note: beyond the last expiry local vols are capped at {:g} %, at {} of {} nodes\n",
                     100 * surface.options().local_vol_cap, surface.capped_nodes(),
                     surface.surface().slices.back().curve.weights().size());
}

std::string note_of_local_vols(const CallSurface& surface, const OptionPrices& prices) {
  std::string text;
  const std::size_t options = prices.options.size();
  const double cap = surface.options().local_vol_cap;
  if (prices.local_vols_capped > 0)
    text += fmt::format("note: local vol is above the cap of {:g} % at {} of {} options and shown as {}\n", 100 * cap,
                        prices.local_vols_capped, options, cap);
  if (prices.without_local_vol == 0) return text;
  const char* const why = surface.surface().activation == Activation::relu
                              ? "the law of 'relu' units is a set of points"
                          : !surface.surface().calendar ? "the expiries are on different underlyings"
                                                        : "the law ends before the strike";
  return text + fmt::format("note: {} of {} options have no local vol: {}\n", prices.without_local_vol, options, why);
}

/// Of a surface without order in time, whose theta would be by the surface.
std::string note_of_theta(const CallSurface& surface, Sticky sticky) {
  if (surface.surface().calendar || sticky == Sticky::strike) return {};
  return "note: theta is not there, for the expiries are on different underlyings: --sticky strike has one\n";
}

/// To stdout, or whole into a file.
int deliver(const PriceCommand& command, std::string text, std::ostream& out, std::ostream& err) {
  if (command.out.empty()) {
    std::optional<DataOutput> data;
    if (!command.table) data.emplace(out);
    out << text;
    return done;
  }
  const auto written = write_output(command.out, std::move(text));
  if (!written) return report(written.problems(), err, bad_input);
  if (!command.quiet) say_written(out, written.value());
  return done;
}

/// The questions, with the surface that answers them.
struct Questions {
  CallSurface surface;
  Certificate certificate;
  std::string_view clock;
  Sticky sticky;
  std::vector<AskedExpiry> expiries;
  std::vector<AskedOption> options;
  std::optional<Replica> payoff;

  PricingBasis basis() const { return {surface, certificate, clock}; }
};

struct Answer {
  std::string text, notes;
};

// --- explanations ----------------------------------------------------------------------------------------------------

/// What --explain cannot do, expiry by expiry.
Problems not_explained(const Questions& asked) {
  Problems problems;
  const SurfaceSlice& last = asked.surface.surface().slices.back();
  for (const AskedExpiry& expiry : asked.expiries)
    if (expiry.t > last.t)
      problems.lines.push_back(fmt::format("--explain: expiry is '{}', but must be at most {}, the last of the surface",
                                           to_string(expiry.key), to_string(last.key)));
  if (asked.options.size() > kMostExplained)
    problems.lines.push_back(fmt::format("--explain: number of options is {}, but must be at most {}",
                                         asked.options.size(), kMostExplained));
  return problems;
}

std::string note_of_explanations(const std::vector<Explanation>& explanations) {
  const auto without = std::ranges::count(explanations, 0.0, &Explanation::sensitivity_sum);
  if (without == 0) return {};
  return fmt::format("note: {} of {} options lean on no quote\n", without, explanations.size());
}

/// The answer to `price` with --explain: prices, and the quotes that they lean on.
Result<Answer> explain(const PriceCommand& command, const FitSettings& settings, const Questions& asked,
                       std::ostream& err) {
  if (Problems problems = not_explained(asked); !problems.lines.empty()) return problems;
  const auto fit = fit_again(command.explain, settings, {asked.surface.surface(), command.surface}, err,
                             command.progress && !command.quiet);
  if (!fit) return fit.problems();
  const OptionPrices prices = price_options(asked.surface, asked.expiries, asked.options);
  const std::vector<Explanation> explanations =
      explain_prices(fit.value(), asked.surface, asked.expiries, asked.options, static_cast<std::size_t>(command.top));
  const ExplainedPrices explained{prices, fit.value().chain(), explanations};
  return Answer{command.json    ? explanations_json(asked.basis(), explained)
                : command.table ? explanations_table(explained)
                                : explanations_csv(explained),
                note_of_explanations(explanations)};
}

/// What the payoff itself costs at least and at most, expiry by expiry.
std::vector<PriceBounds> bounds_of(const Replica& payoff, const Questions& asked) {
  std::vector<PriceBounds> bounds;
  if (!payoff.below) return bounds;
  const std::vector<double> low = payoff_values(asked.surface, asked.expiries, to_calls(*payoff.below)),
                            high = payoff_values(asked.surface, asked.expiries, to_calls(*payoff.above));
  for (std::size_t i = 0; i < low.size(); ++i)
    bounds.push_back({low[i], high[i]});
  return bounds;
}

std::string note_of_bounds(const std::vector<AskedExpiry>& expiries, const std::vector<PriceBounds>& bounds) {
  std::string text;
  for (std::size_t i = 0; i < bounds.size(); ++i)
    text += fmt::format("note: {}: the payoff itself costs between {:.8g} and {:.8g}\n", to_string(expiries[i].key),
                        bounds[i].low, bounds[i].high);
  return text;
}

/// The answer to --payoff.
Answer price_legs(const PriceCommand& command, const Questions& asked, bool greeks) {
  const Replica& payoff = *asked.payoff;
  const PayoffPrices prices = price_payoff(asked.surface, asked.expiries, to_calls(payoff.f), asked.sticky);
  const std::vector<PriceBounds> bounds = bounds_of(payoff, asked);
  return {command.json    ? payoff_json(asked.basis(), {command.payoff, payoff.error, bounds}, prices, greeks)
          : command.table ? payoff_table(prices, greeks)
                          : payoff_csv(prices, greeks),
          payoff.note + note_of_bounds(asked.expiries, bounds) +
              (greeks ? note_of_theta(asked.surface, asked.sticky) : std::string()) +
              note_of_steps(asked.surface, prices.expiries)};
}

Answer price(const PriceCommand& command, const Questions& asked) {
  const OptionPrices prices = price_options(asked.surface, asked.expiries, asked.options);
  return {command.json    ? prices_json(asked.basis(), prices)
          : command.table ? prices_table(prices)
                          : prices_csv(prices),
          note_of_vols(prices.without_vol, prices.options.size()) + note_of_local_vols(asked.surface, prices) +
              note_of_steps(asked.surface, prices.expiries)};
}

Answer greeks(const PriceCommand& command, const Questions& asked) {
  const GreeksOfOptions greeks = greeks_of_options(asked.surface, asked.expiries, asked.options, asked.sticky);
  return {command.json    ? greeks_json(asked.basis(), greeks)
          : command.table ? greeks_table(greeks)
                          : greeks_csv(greeks),
          note_of_vols(greeks.without_vol, greeks.options.size()) + note_of_theta(asked.surface, asked.sticky) +
              note_of_steps(asked.surface, greeks.expiries)};
}

/// Everything that the files have against what is asked for, or all that is needed to answer.
Result<Questions> questions_of(const PriceCommand& command, PriceSettings& settings, Files files) {
  const ExpiryFinder finder(*files.surface, command.root);
  if (const std::string rule = finder.broken_root_rule(); !rule.empty())
    return Problems{{fmt::format("--root is '{}', but must be {}", command.root, rule)}};
  const bool from_book = !command.options_file.empty();
  Expiries expiries =
      from_book ? expiries_of_book(files.book, command.options_file, finder) : listed_expiries(settings, finder);
  if (!expiries.problems.lines.empty()) return expiries.problems;
  const std::size_t strikes = settings.strikes.size() + settings.moneyness.size() + settings.quantiles.size();
  if (strikes * expiries.asked.size() > kMostOptions)
    return Problems{{fmt::format("number of options is {}, but must be at most {}", strikes * expiries.asked.size(),
                                 kMostOptions)}};
  Certificate certificate = prove_arbitrage_free(*files.surface);
  auto surface = call_surface(command, settings, std::move(*files.surface), expiries.asked);
  if (!surface) return surface.problems();
  std::vector<AskedOption> options = from_book ? options_of_book(files.book, expiries, settings.types, surface.value())
                                               : listed_options(settings, surface.value(), expiries.asked);
  return Questions{std::move(surface).value(),
                   std::move(certificate),
                   settings.trading_days ? "trading-days" : "calendar",
                   settings.sticky,
                   std::move(expiries.asked),
                   std::move(options),
                   std::move(files.payoff)};
}

/// Reads and checks everything, and hands it to `answer`, which returns a Result<Answer>.
template <class AnswerTo>
int run(const PriceCommand& command, AnswerTo answer, std::ostream& out, std::ostream& err) {
  PriceSettings settings = price_settings_of(command);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  Files files = read_files(command, settings);
  if (!files.problems.lines.empty()) return report(files.problems, err, bad_input);
  const auto questions = questions_of(command, settings, std::move(files));
  if (!questions) return report(questions.problems(), err, bad_input);
  Result<Answer> answered = answer(settings, questions.value());
  if (!answered) return report(answered.problems(), err, bad_input);
  auto [text, notes] = std::move(answered).value();
  if (!command.quiet) err << note_of_proof(command, questions.value().certificate) << notes;
  return deliver(command, std::move(text), out, err);
}

}  // namespace

int run_price(const PriceCommand& command, std::ostream& out, std::ostream& err) {
  const auto answer = [&](const PriceSettings& settings, const Questions& asked) -> Result<Answer> {
    if (asked.payoff) return price_legs(command, asked, false);
    return command.explain.chain.empty() ? price(command, asked) : explain(command, settings.fit, asked, err);
  };
  return run(command, answer, out, err);
}

int run_greeks(const PriceCommand& command, std::ostream& out, std::ostream& err) {
  const auto answer = [&](const PriceSettings&, const Questions& asked) -> Result<Answer> {
    return asked.payoff ? price_legs(command, asked, true) : greeks(command, asked);
  };
  return run(command, answer, out, err);
}

}  // namespace strikenet::app
