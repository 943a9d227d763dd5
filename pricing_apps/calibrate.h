#pragma once

#include <iosfwd>
#include <string>

#include "fit_settings.h"

namespace strikenet::app {

/// What the command line says; words are checked by run_calibrate.
struct CalibrateCommand {
  FitWords fit;
  std::string out = {};  // empty: ./<stem of the chain>-fit
  bool no_report = false;
  bool json = false;
  bool quiet = false;
  bool progress = false;  // whether err is a terminal
  bool colour = false;    // in the table
};

/// strikenet calibrate: reads a chain, fits its expiries, proves the result, compares it with the quotes and with
/// QuantLib's Black formula, and writes surface.json, quotes.csv, summary.json and report.html. Returns the exit
/// status: 0 every slice proved and at its minimum, 2 a wrong option, 3 bad input (nothing is written then) or an
/// output that cannot be written, 4 the numerics fell short (all is written, marked not-proved).
int run_calibrate(const CalibrateCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
