#include "calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <ostream>
#include <set>
#include <thread>
#include <utility>

#include "exit_status.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/fitting/fit_slices.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/io/read_forwards.h"
#include "strikenet/io/surface_json.h"
#include "strikenet/io/write_file.h"
#include "strikenet/market/chain.h"
#include "strikenet/quantlib/black_check.h"
#include "strikenet/report/calibration.h"

namespace strikenet::app {
namespace {

/// Seconds since the last call.
class Lap {
 public:
  double operator()() {
    const auto now = Clock::now(), before = std::exchange(last_, now);
    return std::chrono::duration<double>(now - before).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

/// "fitted 12 of 30 expiries", rewritten in place; only on a terminal and only once a second has passed.
class Progress {
 public:
  Progress(std::ostream& err, std::size_t total, bool shown) : err_(err), total_(total), shown_(shown) {}
  ~Progress() {
    if (drawn_) err_ << "\r\033[K" << std::flush;
  }

  void operator()(int finished) {
    if (!shown_ || Clock::now() - start_ < std::chrono::seconds(1)) return;
    constexpr std::size_t wide = 30;
    const std::size_t full = wide * static_cast<std::size_t>(finished) / total_;
    err_ << fmt::format("\r[{:<{}}] {} of {} expiries", std::string(full, '='), wide, finished, total_) << std::flush;
    drawn_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& err_;
  std::size_t total_;
  bool shown_, drawn_ = false;
  Clock::time_point start_ = Clock::now();
};

/// What is done about order in time.
enum class Calendar { enforce, report, off };

/// The options in their types, and everything wrong with their words.
struct Settings {
  FitOptions fit = {};
  PrepareOptions prepare = {};
  Calendar calendar = Calendar::enforce;
  int threads = 1;
  Problems problems = {};
};

using Reject = std::function<void(std::string_view option, std::string_view value, std::string_view rule)>;

/// Enforced unless the user says otherwise - or the units differ from expiry to expiry: then there is nothing to
/// compare node by node, and the order is reported.
Calendar calendar_of(const CalibrateCommand& command, const FitOptions& fit, const Reject& reject) {
  const bool common_units = !fit.train_strikes && (fit.activation != Activation::relu || fit.units > 0);
  if (command.calendar.empty()) return common_units ? Calendar::enforce : Calendar::report;
  if (command.calendar == "report") return Calendar::report;
  if (command.calendar == "off") return Calendar::off;
  if (command.calendar != "enforce")
    reject("--calendar", command.calendar, "enforce, report or off");
  else if (!common_units)
    reject("--calendar", command.calendar, "report or off when units sit at the strikes of each expiry");
  return Calendar::enforce;
}

Settings settings_of(const CalibrateCommand& command) {
  Settings settings;
  const auto reject = [&](std::string_view option, std::string_view value, std::string_view rule) {
    settings.problems.lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
  };
  if (command.activation.empty())
    settings.fit.activation = command.train_strikes ? Activation::relu : Activation::cubic;
  else if (const auto activation = parse_activation(command.activation))
    settings.fit.activation = *activation;
  else
    reject("--activation", command.activation, "relu, quadratic or cubic");
  if (settings.fit.loss = parse_loss(command.loss); !settings.fit.loss && !command.loss.empty())
    reject("--loss", command.loss, "squared, huber, soft-l1 or cauchy");
  if (const auto engine = parse_engine(command.engine.empty() ? "ceres" : command.engine))
    settings.fit.engine = *engine;
  else
    reject("--engine", command.engine, "ceres or interior");
  settings.prepare.as_of = parse_instant(command.as_of);
  if (!settings.prepare.as_of && !command.as_of.empty())
    reject("--as-of", command.as_of, "an instant with its offset from UTC, like 2019-06-26T15:45-04:00");
  if (command.hygiene == "strict" || command.hygiene == "lenient")
    settings.prepare.strict = command.hygiene == "strict";
  else if (!command.hygiene.empty())
    reject("--hygiene", command.hygiene, "strict or lenient");
  if (!command.format.empty() && !std::ranges::count(chain_formats(), command.format, &ChainFormat::name))
    reject("--format", command.format, "one that 'strikenet formats' lists");
  settings.prepare.root = command.root;
  settings.prepare.rate = command.rate;
  settings.fit.units = command.train_strikes && command.units == 0 ? 8 : command.units;
  settings.fit.train_strikes = command.train_strikes;
  settings.fit.seed = command.seed;
  settings.fit.starts = command.starts;
  settings.fit.smoothness = command.smoothness;
  settings.calendar = calendar_of(command, settings.fit, reject);
  settings.threads =
      command.threads > 0 ? command.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (command.threads < 0) reject("--threads", std::to_string(command.threads), "at least 0");
  for (std::string& problem : settings.fit.problems())
    settings.problems.lines.push_back(std::move(problem));
  for (std::string& problem : settings.prepare.problems())
    settings.problems.lines.push_back(std::move(problem));
  return settings;
}

SlicesFit fit_chain(const Chain& chain, const Settings& settings, const std::function<void(int)>& progress) {
  if (settings.calendar == Calendar::enforce) return fit_surface(chain, settings.fit, settings.threads, progress);
  SlicesFit fit = fit_slices(chain, settings.fit, settings.threads, progress);
  fit.surface.calendar = settings.calendar != Calendar::off;
  return fit;
}

/// At every strike the slice is quoted at.
FormulaCheck check_formula(const Chain& chain, const Surface& surface) {
  std::vector<std::set<double>> strikes(surface.slices.size());
  for (const Quote& quote : chain.quotes)
    if (quote.used()) strikes[static_cast<std::size_t>(quote.slice)].insert(quote.strike);
  FormulaCheck result;
  for (std::size_t i = 0; i < surface.slices.size(); ++i) {
    const std::vector<Strike> of_slice(strikes[i].begin(), strikes[i].end());
    const BlackCheck check = check_against_black(surface.slices[i], of_slice);
    result.largest_difference = std::max(result.largest_difference, check.largest_difference);
    result.compared += check.compared;
  }
  return result;
}

std::string directory_of(const CalibrateCommand& command) {
  return command.out.empty() ? std::filesystem::path(command.chain).stem().string() + "-fit" : command.out;
}

int calibrate(const CalibrateCommand& command, Settings settings, std::ostream& out, std::ostream& err) {
  Lap lap, total;
  Stopwatch seconds;
  if (!command.forward_file.empty()) {
    auto forwards = read_forwards_file(command.forward_file);
    if (!forwards) return report(forwards.problems(), err, bad_input);
    settings.prepare.forwards = std::move(forwards).value();
  }
  const auto raw = read_chain_file(command.chain, command.format);
  seconds.read = lap();
  if (!raw) return report(raw.problems(), err, bad_input);
  const auto prepared = prepare(raw.value(), settings.prepare);
  seconds.prepare = lap();
  if (!prepared) return report(prepared.problems(), err, bad_input);
  const Chain& chain = prepared.value();

  const SlicesFit fit = [&] {
    Progress progress(err, chain.slices.size(), command.progress && !command.quiet);
    return fit_chain(chain, settings, std::ref(progress));
  }();
  seconds.fit = lap();
  const Certificate certificate = prove_arbitrage_free(fit.surface);
  seconds.certify = lap();
  const Comparison comparison = compare(chain, fit.surface);
  const FormulaCheck formula = check_formula(chain, fit.surface);
  seconds.total = total();

  const Calibration calibration{chain, settings.fit, fit, certificate, comparison, formula, seconds};
  const std::string summary = summary_json(calibration);
  const auto written = write_files(directory_of(command), {{"surface.json", to_json(fit.surface, status(certificate))},
                                                           {"quotes.csv", quotes_csv(calibration)},
                                                           {"summary.json", summary}});
  if (!written) return report(written.problems(), err, bad_input);
  if (command.json)
    out << summary;
  else if (!command.quiet)
    out << calibration_table(calibration);
  if (!command.json && !command.quiet)
    for (const std::string& path : written.value())
      out << "written    " << path << '\n';
  const bool ordered = settings.calendar != Calendar::enforce || certificate.arbitrage_free();
  return certificate.slices_proved && ordered && fit.usable() ? done : numerics_fell_short;
}

}  // namespace

int run_calibrate(const CalibrateCommand& command, std::ostream& out, std::ostream& err) {
  Settings settings = settings_of(command);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  return calibrate(command, std::move(settings), out, err);
}

}  // namespace strikenet::app
