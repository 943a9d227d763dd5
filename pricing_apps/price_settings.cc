#include "price_settings.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "number_list.h"
#include "strikenet/core/instant.h"
#include "strikenet/io/input.h"

namespace strikenet::app {

void PriceSettings::reject(std::string_view option, std::string_view value, std::string_view rule) {
  problems.lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
}

namespace {

/// What is asked for must be said once: by one of the lists, or by a file.
void check_what_is_asked(const PriceCommand& command, PriceSettings& settings) {
  const int ways = !command.strikes.empty() + !command.moneyness.empty() + !command.quantiles.empty() +
                   !command.options_file.empty() + !command.payoff.empty();
  if (ways == 0)
    settings.problems.lines.push_back(
        "no options are asked for: pass --strike, --moneyness or --quantile with a list, --options with a file, or "
        "--payoff");
  if (ways > 1)
    settings.problems.lines.push_back(
        "options are asked for in more than one way: pass one of --strike, --moneyness, --quantile, --options and "
        "--payoff");
  if (!command.options_file.empty() && !command.expiries.empty())
    settings.problems.lines.push_back("--expiry has no meaning beside --options, whose file names the expiries");
}

void read_expiries(const PriceCommand& command, PriceSettings& settings) {
  for (const std::string& list : command.expiries)
    for (const std::string& part : parts_of(list)) {
      if (const auto written = parse_expiry(part))
        settings.expiries.emplace_back(part, *written);
      else
        settings.reject("--expiry", part, "a date like 2019-07-19 or a year fraction like T=0.5");
    }
}

void read_types(const PriceCommand& command, PriceSettings& settings) {
  static const std::map<std::string_view, Types> words = {{"", Types::out_of_the_money},
                                                          {"otm", Types::out_of_the_money},
                                                          {"call", Types::call},
                                                          {"put", Types::put},
                                                          {"both", Types::both}};
  const auto found = words.find(command.type);
  if (found == words.end())
    settings.reject("--type", command.type, "call, put, both or otm");
  else
    settings.types = found->second;
  if (command.sticky == "strike")
    settings.sticky = Sticky::strike;
  else if (!command.sticky.empty() && command.sticky != "moneyness")
    settings.reject("--sticky", command.sticky, "strike or moneyness");
}

void read_payoff(const PriceCommand& command, PriceSettings& settings) {
  const auto note = [&](const Problems& problems) {
    settings.problems.lines.insert(settings.problems.lines.end(), problems.lines.begin(), problems.lines.end());
  };
  note(problems_of(command.payoff_words));
  if (command.payoff.empty()) {
    if (!command.payoff_words.empty())
      settings.problems.lines.push_back(
          "--range, --pieces, --error, --side and --width have no meaning without --payoff");
    return;
  }
  if (!command.type.empty()) settings.problems.lines.push_back("--type has no meaning with --payoff");
  if (!command.explain.chain.empty()) settings.problems.lines.push_back("--explain has no meaning with --payoff");
}

/// Dates, unless one of the parts is none: then the path of a file.
void read_holidays(const std::string& words, PriceSettings& settings) {
  if (words.empty()) return;
  for (const std::string& part : parts_of(words)) {
    if (const auto date = parse_date(part))
      settings.days.holidays.push_back(*date);
    else
      settings.holiday_file = words;
  }
}

void read_clock(const PriceCommand& command, PriceSettings& settings) {
  const auto weight = [&](std::string_view option, std::optional<double> given, double& taken) {
    if (given && !(*given >= 0 && *given <= 10)) settings.reject(option, fmt::format("{}", *given), "from 0 to 10");
    if (given) taken = *given;
  };
  settings.trading_days = command.clock == "trading-days";
  if (!settings.trading_days && !command.clock.empty() && command.clock != "calendar")
    settings.reject("--clock", command.clock, "calendar or trading-days");
  if (!settings.trading_days && (command.weekend || command.holiday_weight || !command.holidays.empty()))
    settings.problems.lines.push_back(
        "--weekend, --holiday-weight and --holidays have no meaning without --clock trading-days");
  weight("--weekend", command.weekend, settings.days.weekend);
  weight("--holiday-weight", command.holiday_weight, settings.days.holiday);
  read_holidays(command.holidays, settings);
}

/// Of --explain: those of a fit, of which price has no need without it.
void read_fit(const PriceCommand& command, PriceSettings& settings) {
  const FitWords& words = command.explain;
  const bool said = !words.format.empty() || !words.rules.empty() || words.rate || !words.forward_file.empty() ||
                    !words.term_structure.empty() || !words.loss.empty() || !words.engine.empty() ||
                    words.smoothness != 1 || !words.hygiene.empty() || words.threads != 0 || command.top != 10;
  if (words.chain.empty()) {
    if (said)
      settings.problems.lines.push_back(
          "--format, --rule, --rate, --forward, --term-structure, --loss, --engine, --smoothness, --hygiene, --threads "
          "and --top have no meaning without --explain");
    return;
  }
  settings.fit = fit_settings_of(words);
  settings.fit.prepare.root = command.root;
  const std::vector<std::string>& wrong = settings.fit.problems.lines;
  settings.problems.lines.insert(settings.problems.lines.end(), wrong.begin(), wrong.end());
  if (settings.fit.fit.loss.value_or(Loss::squared) != Loss::squared)
    settings.reject("--loss", words.loss, "squared or not there for --explain");
  if (command.top < 1) settings.reject("--top", std::to_string(command.top), "at least 1");
}

}  // namespace

PriceSettings price_settings_of(const PriceCommand& command) {
  PriceSettings settings;
  std::vector<std::string> paths = command.explain.chain;
  paths.insert(paths.end(), {command.surface, command.options_file, command.payoff, command.holidays});
  settings.problems = read_twice(paths);
  check_what_is_asked(command, settings);
  read_expiries(command, settings);
  settings.strikes = numbers_of(command.strikes, {"--strike", 0, 1e12, "a number from 0 to 1e12"}, settings.problems);
  settings.moneyness =
      numbers_of(command.moneyness, {"--moneyness", 0, 1e6, "a number from 0 to 1e6"}, settings.problems);
  settings.quantiles =
      numbers_of(command.quantiles, {"--quantile", 0, 1, "a probability from 0 to 1"}, settings.problems);
  read_types(command, settings);
  read_payoff(command, settings);
  read_clock(command, settings);
  read_fit(command, settings);
  if (!command.as_of.empty() && !parse_instant(command.as_of))
    settings.reject("--as-of", command.as_of, "an instant with its offset from UTC, like 2019-06-26T15:45-04:00");
  if (command.spot && !(*command.spot > 0 && *command.spot <= 1e12))
    settings.reject("--spot", fmt::format("{}", *command.spot), "above 0 and at most 1e12");
  if (!(command.local_vol_cap > 0 && command.local_vol_cap <= 1e6))
    settings.reject("--local-vol-cap", fmt::format("{}", command.local_vol_cap), "above 0 and at most 1e6");
  if (command.json && command.table)
    settings.problems.lines.push_back("--json and --table are both there, but must be one of them");
  return settings;
}

}  // namespace strikenet::app
