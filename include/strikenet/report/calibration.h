#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/export.h"
#include "strikenet/fitting/fit_slices.h"
#include "strikenet/market/chain.h"
#include "strikenet/report/report_html.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// One quote beside the model. Vols are Black implied, decimal; empty where a price has none.
struct QuoteComparison {
  std::optional<double> model;  ///< discounted price; empty when the expiry was not fitted
  std::optional<double> model_vol, bid_vol, ask_vol;
  std::optional<bool> inside;       ///< of used quotes with a spread: in it, to 1e-9 forwards
  std::optional<double> vol_error;  ///< |model - mid vol|; of used out-of-the-money quotes with a bid
  /// The vol in the middle of a quote with a bid: of its vols in a file of vols, else of its middle price.
  std::optional<double> mid_vol = {};
};

struct SliceComparison {
  int quotes = 0, used = 0;
  int with_spread = 0, inside = 0;
  int vol_errors = 0;
  double vol_error_rms = 0, vol_error_max = 0;  ///< decimal
  std::optional<std::size_t> worst = {};        ///< index into Chain::quotes of the largest vol error
  std::optional<int> density_maxima = {};       ///< local maxima above 1 % of the peak; empty for `relu`
  double outside = 0;                           ///< half spreads by which quotes not inside are missed, in total
};

/// A fitted surface beside the quotes it was fitted to. Evaluates, estimates nothing.
struct Comparison {
  std::vector<QuoteComparison> quotes;  ///< one per Chain::quotes
  std::vector<SliceComparison> slices;  ///< one per Chain::slices
  SliceComparison total;
};

STRIKENET_EXPORT Comparison compare(const Chain& chain, const Surface& surface);

/// How many quotes were left out, by reason, in the order of Drop; reasons that do not occur are left out.
STRIKENET_EXPORT std::vector<std::pair<Drop, int>> dropped_by_reason(const Chain& chain);

/// Seconds of wall clock, measured by the caller.
struct Stopwatch {
  double read = 0, prepare = 0, fit = 0, certify = 0, total = 0;
};

/// The difference between the model's prices and an independent Black formula at the model's vols, measured by the
/// caller; in forwards.
struct FormulaCheck {
  double largest_difference = 0;
  long compared = 0;
};

/// All that a calibration has found out.
struct Calibration {
  const Chain& chain;
  const FitOptions& options;
  const SlicesFit& fit;
  const Certificate& certificate;
  const Comparison& comparison;
  const FormulaCheck& formula;
  Stopwatch seconds = {};
  std::string run = {};  ///< written into the files; empty: none
};

/// For a terminal: one line per expiry, then the totals and the certificate in words.
STRIKENET_EXPORT std::string calibration_table(const Calibration& calibration);

/// quotes.csv: one line per quote of the chain, used or not (docs/reference/quotes-csv.md).
STRIKENET_EXPORT std::string quotes_csv(const Calibration& calibration);

/// summary.json, schema "strikenet.summary/2" (docs/reference/summary-json.md).
STRIKENET_EXPORT std::string summary_json(const Calibration& calibration);

/// surface.json, quotes.csv and summary.json with one run id, by which files that do not belong together are known: a
/// UUID of version 5 (RFC 4122) of all that they say but the seconds. So it is that of the chain, the options and the
/// version of strikenet: the same input gives the same id. Calibration::run and that of the surface are not looked at.
STRIKENET_EXPORT CalibrationFiles calibration_files(const Calibration& calibration);

}  // namespace strikenet
