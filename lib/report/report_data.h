#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/result.h"
#include "strikenet/report/report_html.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// One line of quotes.csv.
struct QuoteLine {
  double row = 0, strike = 0;
  OptionType type = OptionType::call;
  std::optional<double> bid = {}, ask = {};
  bool used = false;
  std::string reason = {};
  std::optional<double> model = {}, model_vol = {}, bid_vol = {}, ask_vol = {}, mid_vol = {};
  std::optional<bool> inside = {};
};

/// The quotes of one expiry, and its place in the surface where it was fitted.
struct QuotesOfExpiry {
  ExpiryKey key;
  std::optional<std::size_t> slice = {};
  std::vector<QuoteLine> quotes = {};
};

/// The three files, read and matched.
struct ReadCalibration {
  Surface surface;
  nlohmann::ordered_json summary;
  std::vector<QuotesOfExpiry> expiries;  ///< those of the surface in its order, then those that were not fitted
};

/// `where` is the directory, only used in messages.
Result<ReadCalibration> read_calibration(const CalibrationFiles& files, std::string_view where);

/// What the page draws, as docs/reference/report-html.md lists it. All that is evaluated is rounded to seven digits.
nlohmann::ordered_json report_data(const ReadCalibration& calibration);

}  // namespace strikenet
