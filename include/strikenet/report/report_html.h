#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"

namespace strikenet {

/// The three files that a calibration writes, as texts.
struct CalibrationFiles {
  std::string surface;  ///< surface.json
  std::string quotes;   ///< quotes.csv
  std::string summary;  ///< summary.json
};

/// Reads surface.json, quotes.csv and summary.json of a directory; each that is missing or unreadable is a problem.
STRIKENET_EXPORT Result<CalibrationFiles> read_calibration_files(const std::string& directory);

/// report.html: the pictures of a calibration in one page that fetches nothing (docs/reference/report-html.md). It
/// evaluates the surface between the quotes and estimates nothing; figures that the summary has are shown as they stand
/// there. The same files give the same page.
///
/// `where` is the directory, only used in messages: "fit/quotes.csv:7: strike is 'abc', but ...". All problems of the
/// three files in one run. A summary without a certificate is none: the page says so. Texts of the files may hold
/// anything; they cannot become markup.
///
/// Throws PreconditionError where the library was built without what the page is made of: ask report_left_out first.
STRIKENET_EXPORT Result<std::string> report_html(const CalibrationFiles& files, std::string_view where);

/// Why report_html has no page to fill, and how to get it, as a sentence; empty when it has one.
STRIKENET_EXPORT std::optional<std::string> report_left_out();

}  // namespace strikenet
