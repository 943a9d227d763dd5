#pragma once

#include <iosfwd>
#include <string>

namespace strikenet::app {

/// What the command line says.
struct ReportCommand {
  std::string directory;
  bool quiet = false;
};

/// strikenet report: draws what calibrate has written into a directory, as report.html beside it. Returns the exit
/// status: 0 written, 3 a file is missing or bad, or the page cannot be written or was left out when this was built.
int run_report(const ReportCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
