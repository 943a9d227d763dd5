#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "fit_settings.h"

namespace strikenet::app {

struct VarswapCommand {
  FitWords words = {.hygiene = "lenient"};  // words.chain: a surface, or the pages of one chain
  std::string expiry = {};
  std::string surface = {};  // of a chain: the fit; empty: the expiry is fitted alone
  std::vector<std::string> strikes = {};
  std::string weights = "chords";
  std::string ends = {};
  std::string corridor = {};
  bool json = false;
};

/// strikenet varswap: the fair variance of one expiry, from quotes or from a surface. Returns the exit status: 0 done,
/// 2 wrong usage, 3 bad input.
int run_varswap(const VarswapCommand& command, std::ostream& out, std::ostream& err);

struct VixCommand {
  FitWords words = {.hygiene = "lenient"};                      // words.chain: a strip file, or the pages of one chain
  std::string expiries = {};                                    // "NEAR,NEXT"; empty: those around 30 days
  std::vector<double> minutes = {}, rates = {}, forwards = {};  // of a strip file: near, next
  bool json = false;
};

/// strikenet vix: the index by Cboe's rules, from a chain or from a file of strips. Exit status as of run_varswap.
int run_vix(const VixCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
