#include "calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>
#include <set>
#include <sstream>
#include <utility>

#include "colour.h"
#include "exit_status.h"
#include "fit_settings.h"
#include "output_files.h"
#include "progress.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/fitting/fit_slices.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/chain.h"
#include "strikenet/quantlib/black_check.h"
#include "strikenet/report/calibration.h"
#include "strikenet/report/report_html.h"

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

SlicesFit fit_chain(const Chain& chain, const FitSettings& settings, const std::function<void(int)>& progress) {
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
  if (!command.out.empty()) return command.out;
  const std::string& chain = command.fit.chain.front();
  return chain == "-" ? "stdin-fit" : std::filesystem::path(chain).stem().string() + "-fit";
}

/// Whether there is a page of an earlier run, which would not go with the new files; the user's own stays.
bool has_old_page(const std::string& directory) {
  const auto page = std::filesystem::path(directory) / "report.html";
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(page))) return false;
  std::ostringstream text;
  text << std::ifstream(page, std::ios::binary).rdbuf();
  return is_report_html(text.view());
}

/// The page last, so that its path ends what the command prints.
Result<std::vector<std::string>> write(const CalibrateCommand& command, const CalibrationFiles& files) {
  const std::string directory = directory_of(command);
  std::vector<OutputFile> output = {
      {"surface.json", files.surface}, {"quotes.csv", files.quotes}, {"summary.json", files.summary}};
  const bool with_page = !command.no_report && !report_left_out();
  if (with_page) {
    auto page = report_html(files, directory);
    if (!page) return page.problems();
    output.push_back({"report.html", std::move(page).value()});
  }
  std::vector<std::string> old;
  if (!with_page && has_old_page(directory)) old.push_back("report.html");
  return write_output_files(directory, output, std::move(old));
}

int calibrate(const CalibrateCommand& command, FitSettings settings, std::ostream& out, std::ostream& err) {
  Lap lap, total;
  Stopwatch seconds;
  const Problems of_forwards = read_forwards_into(settings, command.fit);
  if (!of_forwards.lines.empty()) return report(of_forwards, err, bad_input);
  const auto raw = read_chain_files(command.fit.chain, command.fit.format);
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
  const CalibrationFiles files = calibration_files(calibration);
  const auto written = write(command, files);
  if (!written) return report(written.problems(), err, bad_input);
  if (command.json)
    out << files.summary;
  else if (!command.quiet)
    print_table(calibration_table(calibration), command.colour, out);
  if (!command.json && !command.quiet)
    for (const std::string& path : written.value())
      say_written(out, path);
  if (const auto left_out = report_left_out(); left_out && !command.no_report && !command.quiet)
    err << *left_out << '\n';
  const bool ordered = settings.calendar != Calendar::enforce || certificate.arbitrage_free();
  return certificate.slices_proved && ordered && fit.usable() ? done : numerics_fell_short;
}

}  // namespace

int run_calibrate(const CalibrateCommand& command, std::ostream& out, std::ostream& err) {
  FitSettings settings = fit_settings_of(command.fit);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  return calibrate(command, std::move(settings), out, err);
}

}  // namespace strikenet::app
