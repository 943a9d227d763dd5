#include "report.h"

#include <ostream>

#include "exit_status.h"
#include "strikenet/io/write_file.h"
#include "strikenet/report/report_html.h"

namespace strikenet::app {

int run_report(const ReportCommand& command, std::ostream& out, std::ostream& err) {
  if (const auto left_out = report_left_out()) return report({{*left_out}}, err, bad_input);
  const auto files = read_calibration_files(command.directory);
  if (!files) return report(files.problems(), err, bad_input);
  auto page = report_html(files.value(), command.directory);
  if (!page) return report(page.problems(), err, bad_input);
  const auto written = write_files(command.directory, {{"report.html", std::move(page).value()}});
  if (!written) return report(written.problems(), err, bad_input);
  if (!command.quiet) out << "written    " << written.value().front() << '\n';
  return done;
}

}  // namespace strikenet::app
