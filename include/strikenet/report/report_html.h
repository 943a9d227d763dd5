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

/// Reads surface.json, quotes.csv and summary.json of a directory; each that is missing or unreadable is a problem, and
/// so are files of different runs (mixed_runs).
STRIKENET_EXPORT Result<CalibrationFiles> read_calibration_files(const std::string& directory);

/// What is wrong when surface.json, quotes.csv, summary.json and report.html in a directory, as far as they are there,
/// were not all written by one run - by a run that was killed between two of them, or copied together: a sentence for
/// each that has another run id than the first. Files without one are of strikenet 0.1. A file of such a name that is
/// none of ours is not looked at, nor is one that cannot be read.
STRIKENET_EXPORT Problems mixed_runs(const std::string& directory);

/// Whether a text is a page that report_html made, now or in 0.1.
STRIKENET_EXPORT bool is_report_html(std::string_view text);

/// report.html: the pictures of a calibration in one page that fetches nothing (docs/reference/report-html.md). It
/// evaluates the surface between the quotes and estimates nothing; figures that the summary has are shown as they stand
/// there. The same files give the same page.
///
/// `where` is the directory, only used in messages: "fit/quotes.csv:7: strike is 'abc', but ...". All problems of the
/// three files in one run; that they are of different runs is one. A summary without a certificate is none: the page
/// says so. Texts of the files may hold anything; they cannot become markup.
///
/// Throws PreconditionError where the library was built without what the page is made of: ask report_left_out first.
STRIKENET_EXPORT Result<std::string> report_html(const CalibrationFiles& files, std::string_view where);

/// Why report_html has no page to fill, and how to get it, as a sentence; empty when it has one.
STRIKENET_EXPORT std::optional<std::string> report_left_out();

}  // namespace strikenet
