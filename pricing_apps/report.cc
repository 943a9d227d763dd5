#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <utility>

#include "child_process.h"
#include "exit_status.h"
#include "output_files.h"
#include "strikenet/report/plot.h"
#include "strikenet/report/report_html.h"

namespace strikenet::app {
namespace {

int write_and_say(const ReportCommand& command, const std::string& directory, OutputFile file, std::ostream& out,
                  std::ostream& err) {
  const auto written = write_output_files(directory, {std::move(file)});
  if (!written) return report(written.problems(), err, bad_input);
  if (!command.quiet) say_written(out, written.value().front());
  return done;
}

int write_page(const ReportCommand& command, const CalibrationFiles& files, std::ostream& out, std::ostream& err) {
  if (const auto left_out = report_left_out()) return report({{*left_out}}, err, bad_input);
  auto page = report_html(files, command.directory);
  if (!page) return report(page.problems(), err, bad_input);
  return write_and_say(command, command.directory, {"report.html", std::move(page).value()}, out, err);
}

/// The first that says anything.
std::string first_line(const std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of("\n"), text.size());
  return text.substr(begin, text.find('\n', begin) - begin);
}

int write_plot(const ReportCommand& command, const CalibrationFiles& files, const PlotRequest& request,
               std::ostream& out, std::ostream& err) {
  const auto script = gnuplot_script(files, request, command.directory);
  if (!script) return report(script.problems(), err, bad_input);
  ChildResult drawn = run_child({"gnuplot", "--default-settings"}, script.value());
  // posix_spawn may find out only in the child, which then ends with 127.
  if (!drawn.started || drawn.status == 127)
    return report({{"--plot: gnuplot is missing, but draws the picture; install gnuplot-nox"}}, err, bad_input);
  if (drawn.status != 0 || drawn.out.empty())
    return report({{fmt::format("--plot: gnuplot ended with status {}, but must draw; it said: {}", drawn.status,
                                first_line(drawn.err))}},
                  err, bad_input);
  const std::filesystem::path path(command.plot);
  return write_and_say(command, path.parent_path().string(), {path.filename().string(), std::move(drawn.out)}, out,
                       err);
}

/// Empty after saying what is wrong.
std::optional<PlotRequest> request_of(const ReportCommand& command, Problems& problems) {
  PlotRequest request{.expiry = command.expiry};
  if (command.density) request.picture = PlotRequest::Picture::density;
  const std::string extension = std::filesystem::path(command.plot).extension().string();
  if (command.plot.empty()) {
    if (command.density || !command.expiry.empty())
      problems.lines.push_back("--expiry and --density say what --plot draws, but --plot is missing");
  } else if (extension == ".png") {
    request.format = PlotRequest::Format::png;
  } else if (extension != ".svg") {
    problems.lines.push_back(fmt::format("--plot is '{}', but must end with .svg or .png", command.plot));
  }
  return problems.lines.empty() ? std::optional(request) : std::nullopt;
}

}  // namespace

/// A surface that cannot be drawn is bad input, for its numbers come from a file.
int run_report(const ReportCommand& command, std::ostream& out, std::ostream& err) try {
  Problems problems;
  const auto request = request_of(command, problems);
  if (!request) return report(problems, err, wrong_usage);
  const auto files = read_calibration_files(command.directory);
  if (!files) return report(files.problems(), err, bad_input);
  return command.plot.empty() ? write_page(command, files.value(), out, err)
                              : write_plot(command, files.value(), *request, out, err);
} catch (const PreconditionError& error) {
  return report({{fmt::format("{}/surface.json: {}", command.directory, error.what())}}, err, bad_input);
}

}  // namespace strikenet::app
