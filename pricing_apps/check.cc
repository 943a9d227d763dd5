#include "check.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "colour.h"
#include "exit_status.h"
#include "fit_settings.h"
#include "output_files.h"
#include "printable_output.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/arbitrage/families.h"
#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/arbitrage/repair.h"
#include "strikenet/io/surface_json.h"
#include "strikenet/market/chain.h"
#include "strikenet/report/arbitrage_report.h"
#include "strikenet/report/junit.h"
#include "strikenet/report/repair_report.h"
#include "strikenet/report/report_html.h"

namespace strikenet::app {
namespace {

constexpr std::size_t kShown = 20;  // violations on a terminal

std::size_t units_of(const Surface& surface) {
  std::size_t units = 0;
  for (const SurfaceSlice& slice : surface.slices)
    units += slice.curve.weights().size();
  return units;
}

std::string table(const Surface& surface, const Certificate& certificate) {
  std::string text = fmt::format("{:<14}{}\n", "status", status(certificate));
  text += fmt::format("{:<14}{} with {} {} units\n", "slices", surface.slices.size(), units_of(surface),
                      to_string(surface.activation));
  text += fmt::format("{:<14}{} in rational arithmetic\n", "inequalities", certificate.inequalities);
  text += fmt::format("{:<14}{:.3g}, of a weight to make mass and mean 1\n", "largest move", certificate.largest_move);
  text += fmt::format("{:<14}{}", "calendar", to_string(certificate.calendar));
  if (certificate.calendar == CalendarStatus::reported)
    text += fmt::format(", worst gap {:.3g} forwards", certificate.worst_calendar_gap);
  text += fmt::format("\n{:<14}{}\n", "assuming", in_words(certificate.assumptions));
  text += fmt::format("{:<14}{}\n", "violations", certificate.violations.size());
  for (std::size_t i = 0; i < std::min(kShown, certificate.violations.size()); ++i)
    text += fmt::format("  {}\n", sentence(certificate.violations[i]));
  if (certificate.violations.size() > kShown)
    text += fmt::format("  and {} more: --json lists all\n", certificate.violations.size() - kShown);
  return text;
}

nlohmann::ordered_json json_of(const Violation& violation) {
  nlohmann::ordered_json json = {
      {"kind", to_string(violation.kind)},
      {"expiry", violation.key.expiry},
      {"root", violation.key.root},
      {"node", std::isnan(violation.node) ? nlohmann::ordered_json() : nlohmann::ordered_json(violation.node)},
      {"by", violation.by}};
  if (violation.other != ExpiryKey{})
    json["other"] = {{"expiry", violation.other.expiry}, {"root", violation.other.root}};
  return json;
}

std::string json_of(const Surface& surface, const Certificate& certificate) {
  auto violations = nlohmann::ordered_json::array();
  for (const Violation& violation : certificate.violations)
    violations.push_back(json_of(violation));
  auto assumptions = nlohmann::ordered_json::array();
  for (const Assumption assumption : certificate.assumptions)
    assumptions.push_back(to_string(assumption));
  const nlohmann::ordered_json object = {{"status", status(certificate)},
                                         {"arithmetic", "rational"},
                                         {"slices", surface.slices.size()},
                                         {"units", units_of(surface)},
                                         {"inequalities", certificate.inequalities},
                                         {"largest_move", certificate.largest_move},
                                         {"calendar", to_string(certificate.calendar)},
                                         {"worst_calendar_gap", certificate.worst_calendar_gap},
                                         {"assumptions", std::move(assumptions)},
                                         {"violations", std::move(violations)}};
  return object.dump(1) + "\n";
}

/// One case per expiry, which fails with everything that stands in the way of its proof.
std::vector<JunitCase> cases_of(const Surface& surface, const Certificate& certificate) {
  std::vector<JunitCase> cases;
  for (const SurfaceSlice& slice : surface.slices) {
    JunitCase one{.name = to_string(slice.key)};
    for (const Violation& violation : certificate.violations) {
      if (violation.key != slice.key) continue;
      if (one.message.empty()) one.message = sentence(violation);
      one.text += sentence(violation) + "\n";
      one.outcome = JunitCase::Outcome::failed;
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

/// Writes the report, when one is asked for, whole or not at all.
Problems write_junit(const CheckCommand& command, const std::vector<JunitCase>& cases, double seconds) {
  if (command.junit.empty()) return {};
  const auto written = write_output(command.junit, junit_xml(command.words.chain.front(), cases, seconds));
  return written ? Problems{} : written.problems();
}

/// What is wrong with the other files of its calibration, where they lie beside it under their names.
Problems mixed_with(const std::filesystem::path& surface) {
  return surface.filename() == "surface.json" ? mixed_runs(surface.parent_path().string()) : Problems{};
}

int check_surface(const CheckCommand& command, const Input& input, std::ostream& out, std::ostream& err) {
  const auto surface = parse_surface(input.bytes, input.name);
  if (!surface) return report(surface.problems(), err, bad_input);
  if (const Problems mixed = mixed_with(command.words.chain.front()); !mixed.lines.empty())
    return report(mixed, err, bad_input);
  const Certificate certificate = prove_arbitrage_free(surface.value());
  if (const Problems problems = write_junit(command, cases_of(surface.value(), certificate), 0);
      !problems.lines.empty())
    return report(problems, err, bad_input);
  if (command.json)
    out << json_of(surface.value(), certificate);
  else if (!command.quiet)
    print_table(table(surface.value(), certificate), command.colour, out);
  return certificate.arbitrage_free() ? done : arbitrage_found;
}

int check_chain(const CheckCommand& command, const Result<std::vector<Input>>& pages, std::ostream& out,
                std::ostream& err) {
  FitSettings settings = fit_settings_of(command.words);
  if (command.trades < 1)
    settings.problems.lines.push_back(fmt::format("--trades is {}, but must be at least 1", command.trades));
  if (!(command.fee >= 0 && command.fee <= 1e12))
    settings.problems.lines.push_back(fmt::format("--fee is {}, but must be from 0 to 1e12", command.fee));
  if (!(command.multiplier >= 1e-9 && command.multiplier <= 1e12))
    settings.problems.lines.push_back(
        fmt::format("--multiplier is {}, but must be from 1e-9 to 1e12", command.multiplier));
  if (command.tick && !(*command.tick >= 1e-9 && *command.tick <= 1e12))
    settings.problems.lines.push_back(fmt::format("--tick is {}, but must be from 1e-9 to 1e12", *command.tick));
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  const Result<Chain> chain = chain_of(command.words, settings, pages);
  if (!chain) return report(chain.problems(), err, bad_input);

  const FindOptions options{.mid = command.mid, .trades = command.trades, .threads = settings.threads};
  const auto start = std::chrono::steady_clock::now();
  const std::vector<ExpiryArbitrage> expiries = find_arbitrage(chain.value(), options);
  const bool together = settings.calendar != Calendar::off;
  std::optional<CalendarArbitrage> calendar;
  if (together) calendar = find_calendar_arbitrage(chain.value(), expiries, options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const auto families = count_families(chain.value(), {.mid = command.mid, .calendar = together});
  const TradeTerms terms{.multiplier = command.multiplier,
                         .fee = command.fee,
                         .tick = command.mid ? 0 : command.tick.value_or(tick_of(chain.value()))};
  const bool within = std::ranges::any_of(expiries, [](const ExpiryArbitrage& one) { return !one.trades.empty(); });
  std::vector<QuoteRepair> suspects;
  if (within || (calendar && !calendar->trades.empty()))
    suspects = by_size(repair(chain.value(), {.mid = command.mid, .calendar = !within}));
  const ChainArbitrage found{
      chain.value(), options, expiries, seconds.count(), families, calendar ? &*calendar : nullptr, terms, suspects};
  if (const Problems problems = write_junit(command, arbitrage_cases(found), found.seconds); !problems.lines.empty())
    return report(problems, err, bad_input);
  if (command.json)
    out << arbitrage_json(found);
  else if (!command.quiet)
    out << arbitrage_table(found);
  return found.found() ? arbitrage_found : found.absent() ? done : numerics_fell_short;
}

}  // namespace

int run_check(const CheckCommand& command, std::ostream& out, std::ostream& err) {
  const auto inputs = read_inputs(command.words.chain);
  if (is_one(InputKind::surface, command.words, inputs))
    return check_surface(command, inputs.value().front(), out, err);
  return check_chain(command, inputs, out, err);
}

}  // namespace strikenet::app
