#include "fit_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include "strikenet/io/read_chain.h"
#include "strikenet/io/read_forwards.h"

namespace strikenet::app {
namespace {

using Reject = std::function<void(std::string_view option, std::string_view value, std::string_view rule)>;

/// Enforced unless the user says otherwise - or the units differ from expiry to expiry: then there is nothing to
/// compare node by node, and the order is reported.
Calendar calendar_of(const FitWords& words, const FitOptions& fit, const Reject& reject) {
  const bool common_units = !fit.train_strikes && (fit.activation != Activation::relu || fit.units > 0);
  if (words.calendar.empty()) return common_units ? Calendar::enforce : Calendar::report;
  if (words.calendar == "report") return Calendar::report;
  if (words.calendar == "off") return Calendar::off;
  if (words.calendar != "enforce")
    reject("--calendar", words.calendar, "enforce, report or off");
  else if (!common_units)
    reject("--calendar", words.calendar, "report or off when units sit at the strikes of each expiry");
  return Calendar::enforce;
}

}  // namespace

FitSettings fit_settings_of(const FitWords& words, const std::vector<std::string>& others) {
  FitSettings settings;
  std::vector<std::string> paths = words.chain;
  paths.push_back(words.forward_file);
  paths.insert(paths.end(), others.begin(), others.end());
  settings.problems = read_twice(paths);
  const auto reject = [&](std::string_view option, std::string_view value, std::string_view rule) {
    settings.problems.lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
  };
  if (words.activation.empty())
    settings.fit.activation = words.train_strikes ? Activation::relu : Activation::cubic;
  else if (const auto activation = parse_activation(words.activation))
    settings.fit.activation = *activation;
  else
    reject("--activation", words.activation, "relu, quadratic or cubic");
  if (settings.fit.loss = parse_loss(words.loss); !settings.fit.loss && !words.loss.empty())
    reject("--loss", words.loss, "squared, huber, soft-l1 or cauchy");
  if (const auto engine = parse_engine(words.engine.empty() ? "ceres" : words.engine))
    settings.fit.engine = *engine;
  else
    reject("--engine", words.engine, "ceres or interior");
  settings.prepare.as_of = parse_instant(words.as_of);
  if (!settings.prepare.as_of && !words.as_of.empty())
    reject("--as-of", words.as_of, "an instant with its offset from UTC, like 2019-06-26T15:45-04:00");
  if (words.hygiene == "strict" || words.hygiene == "lenient")
    settings.prepare.strict = words.hygiene == "strict";
  else if (!words.hygiene.empty())
    reject("--hygiene", words.hygiene, "strict or lenient");
  for (const std::string& words_of_rule : words.rules) {
    const Result<RuleSetting> rule = parse_rule(words_of_rule);
    if (rule)
      settings.prepare.rules.push_back(rule.value());
    else
      settings.problems.lines.push_back("--rule: " + rule.problems().lines.front());
  }
  if (words.term_structure == "smooth")
    settings.prepare.term_structure = TermStructure::smooth;
  else if (!words.term_structure.empty() && words.term_structure != "by-expiry")
    reject("--term-structure", words.term_structure, "by-expiry or smooth");
  for (std::string& problem : problems_of_format(words.format).lines)
    settings.problems.lines.push_back(std::move(problem));
  settings.prepare.root = words.root;
  settings.prepare.rate = words.rate;
  settings.fit.units = words.train_strikes && words.units == 0 ? 8 : words.units;
  settings.fit.train_strikes = words.train_strikes;
  settings.fit.seed = words.seed;
  settings.fit.starts = words.starts;
  settings.fit.smoothness = words.smoothness;
  settings.calendar = calendar_of(words, settings.fit, reject);
  settings.threads =
      words.threads > 0 ? words.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (words.threads < 0) reject("--threads", std::to_string(words.threads), "at least 0");
  for (std::string& problem : settings.fit.problems())
    settings.problems.lines.push_back(std::move(problem));
  for (std::string& problem : settings.prepare.problems())
    settings.problems.lines.push_back(std::move(problem));
  return settings;
}

Problems problems_of_format(const std::string& format) {
  if (format.empty() || std::ranges::count(chain_formats(), format, &ChainFormat::name)) return {};
  return {{fmt::format("--format is '{}', but must be one that 'strikenet formats' lists", format)}};
}

Problems read_forwards_into(FitSettings& settings, const FitWords& words) {
  if (words.forward_file.empty()) return {};
  auto forwards = read_forwards_file(words.forward_file);
  if (!forwards) return forwards.problems();
  settings.prepare.forwards = std::move(forwards).value();
  return {};
}

Result<Chain> chain_of(const FitWords& words, FitSettings& settings) {
  if (Problems problems = read_forwards_into(settings, words); !problems.lines.empty()) return problems;
  const auto raw = read_chain_files(words.chain, words.format);
  return raw ? prepare(raw.value(), settings.prepare) : raw.problems();
}

Result<Chain> chain_of(const FitWords& words, FitSettings& settings, const Result<std::vector<Input>>& pages) {
  if (Problems problems = read_forwards_into(settings, words); !problems.lines.empty()) return problems;
  if (!pages) return pages.problems();
  const auto raw = read_chain_pages(pages.value(), words.format);
  return raw ? prepare(raw.value(), settings.prepare) : raw.problems();
}

bool is_one(InputKind kind, const FitWords& words, const Result<std::vector<Input>>& inputs) {
  return words.format.empty() && inputs && inputs.value().size() == 1 && kind_of(inputs.value().front()) == kind;
}

}  // namespace strikenet::app
