#pragma once

#include <iosfwd>
#include <string>

namespace strikenet::app {

/// What the command line says.
struct ReportCommand {
  std::string directory;
  std::string plot = {};    // an .svg or .png file to write instead of the page
  std::string expiry = {};  // of the plot
  bool density = false;     // of the plot; else the smile
  bool quiet = false;
};

/// strikenet report: draws what calibrate has written into a directory, as report.html beside it, or with `plot` one
/// smile or density as an image, by gnuplot. Returns the exit status: 0 written, 2 a wrong option, 3 a file is missing
/// or bad, what is asked for cannot be written, the page was left out when this was built, or there is no gnuplot.
int run_report(const ReportCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
