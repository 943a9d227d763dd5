#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/result.h"
#include "strikenet/fitting/fit_smile.h"
#include "strikenet/io/input.h"
#include "strikenet/market/chain.h"

namespace strikenet::app {

/// What the command line says about a chain and its fit; words are checked by fit_settings_of.
struct FitWords {
  std::vector<std::string> chain = {};  // pages of one
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
  std::vector<std::string> rules = {};  // "stale", "stale=10", "duplicate=off"
  std::string term_structure = {};      // "by-expiry", "smooth"; empty: by-expiry
  std::string hygiene = {};             // "strict", "lenient", or empty for what the format says
  int threads = 0;                      // 0: one per processor
};

/// What is done about order in time.
enum class Calendar { enforce, report, off };

/// The options in their types, and everything wrong with their words.
struct FitSettings {
  FitOptions fit = {};
  PrepareOptions prepare = {};
  Calendar calendar = Calendar::enforce;
  int threads = 1;
  Problems problems = {};
};

/// `others`: what else of the command line is read, paths or none. A pipe can be read for one of them all.
FitSettings fit_settings_of(const FitWords& words, const std::vector<std::string>& others = {});

/// What is wrong with the name of a format; nothing where it is empty.
Problems problems_of_format(const std::string& format);

/// Reads the file of forwards, if the words name one; returns what is wrong with it.
Problems read_forwards_into(FitSettings& settings, const FitWords& words);

/// Reads the chain that the words name, and the file of forwards into the settings, and prepares it by them.
Result<Chain> chain_of(const FitWords& words, FitSettings& settings);

/// The same of pages that are read already, or what is wrong with them.
Result<Chain> chain_of(const FitWords& words, FitSettings& settings, const Result<std::vector<Input>>& pages);

/// Whether the words name one file, without a format, and this is what it says that it is. What cannot be read is
/// nothing: it is left to the reader of chains to name.
bool is_one(InputKind kind, const FitWords& words, const Result<std::vector<Input>>& inputs);

}  // namespace strikenet::app
