#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace strikenet::app {

/// What the command line says; words are checked by run_calibrate.
struct CalibrateCommand {
  std::string chain;
  std::string out = {};  // empty: ./<stem of the chain>-fit
  std::string as_of = {};
  std::string root = {};
  std::string format = {};
  std::optional<double> rate = {};
  std::string forward_file = {};
  std::string activation = {};  // empty: cubic, or relu when strikes are trained
  int units = 0;                // 0: as many as the quotes need, or 8 when strikes are trained
  bool train_strikes = false;
  std::uint64_t seed = 0;
  int starts = 20;
  std::string loss = {};
  std::string engine = {};
  double smoothness = 1;
  std::string calendar = {};  // "enforce", "report", "off"; empty: enforce, but report where units differ by expiry
  std::string hygiene = {};   // "strict", "lenient", or empty for what the format says
  int threads = 0;            // 0: one per processor
  bool json = false;
  bool quiet = false;
  bool progress = false;  // whether err is a terminal
};

/// strikenet calibrate: reads a chain, fits its expiries, proves the result, compares it with the quotes and with
/// QuantLib's Black formula, and writes surface.json, quotes.csv and summary.json. Returns the exit status: 0 every
/// slice proved and at its minimum, 2 a wrong option, 3 bad input or an output that cannot be written (nothing is
/// written then), 4 the numerics fell short (all is written, marked not-proved).
int run_calibrate(const CalibrateCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
