#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"
#include "strikenet/report/report_html.h"

namespace strikenet {

/// A UUID of version 5 of the three texts.
std::string run_id(const CalibrationFiles& files);

/// The run id that a text of the kind has: empty where it has none, as in 0.1; no value where it is no such text.
std::optional<std::string> run_of_json(std::string_view text, std::string_view schema);
std::optional<std::string> run_of_quotes(std::string_view text);
std::optional<std::string> run_of_page(std::string_view text);

/// A file and its run id.
using FileOfRun = std::pair<std::string, std::optional<std::string>>;

/// A sentence for each file whose run id is not that of the first that has a value.
Problems different_runs(const std::vector<FileOfRun>& files);

}  // namespace strikenet
