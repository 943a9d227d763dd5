#include <algorithm>
#include <map>

#include "io/csv_table.h"
#include "io/row_reader.h"
#include "io/text_file.h"
#include "report/report_data.h"
#include "report/run_id.h"
#include "strikenet/io/surface_json.h"

namespace strikenet {
namespace {

using Json = nlohmann::ordered_json;

/// Model prices of a surface that is not proved may be anything.
constexpr NumberRule kAnyNumber{"a number", -1e300, true, "finite", -1e300, 1e300};

/// As a text stands in the two JSON files, where bytes that are not UTF-8 were replaced.
std::string as_in_json(std::string_view text) {
  const std::string dumped = Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(dumped).get<std::string>();
}

std::optional<bool> flag(std::string_view text) {
  return text == "1" ? std::optional(true) : text == "0" ? std::optional(false) : std::nullopt;
}

/// Empty when anything in the row is wrong; then the problems say what.
std::optional<QuoteLine> read_row(RowReader row) {
  QuoteLine quote;
  quote.row = row.number("row", kAnyNumber).value_or(0);
  const auto strike = row.required_number("strike", kAboveZero);
  const auto type = row.required_type("type");
  const auto used = flag(row.text("used"));
  if (!used) row.reject("used", "1 or 0");
  for (const auto& [column, value] :
       {std::pair{"bid", &quote.bid}, std::pair{"ask", &quote.ask}, std::pair{"model", &quote.model},
        std::pair{"model_vol", &quote.model_vol}, std::pair{"bid_vol", &quote.bid_vol},
        std::pair{"ask_vol", &quote.ask_vol}, std::pair{"mid_vol", &quote.mid_vol}})
    *value = row.number(column, kAnyNumber);
  if (!strike || !type || !used) return std::nullopt;
  quote.strike = *strike;
  quote.type = *type;
  quote.used = *used;
  quote.reason = as_in_json(row.text("reason"));
  quote.inside = flag(row.text("inside"));
  return quote;
}

std::vector<QuotesOfExpiry> read_quotes(std::string_view text, const Surface& surface, ProblemList& problems) {
  std::vector<QuotesOfExpiry> expiries;
  std::map<ExpiryKey, std::size_t> places;
  for (const SurfaceSlice& slice : surface.slices) {
    places.try_emplace(slice.key, expiries.size());
    expiries.push_back({slice.key, expiries.size()});
  }
  const CsvTable table(text);
  problems.add(table.problems());
  require_columns(table,
                  {"expiry", "root", "strike", "type", "bid", "ask", "used", "reason", "model", "model_vol", "bid_vol",
                   "ask_vol", "inside", "mid_vol"},
                  "a report", problems);
  SameInEveryRow run("run");
  for_each_row(table, problems, [&](RowReader row) {
    run.is_first(row);
    const auto quote = read_row(row);
    if (!quote) return;
    ExpiryKey key{as_in_json(row.text("expiry")), as_in_json(row.text("root"))};
    const auto [place, is_new] = places.try_emplace(key, expiries.size());
    if (is_new) expiries.push_back({std::move(key)});
    expiries[place->second].quotes.push_back(*quote);
  });
  return expiries;
}

Result<Json> read_summary(std::string_view text, const std::string& name) {
  Json summary = Json::parse(text, nullptr, false);
  if (summary.is_object() && summary.contains("expiries") && summary["expiries"].is_array()) {
    const Json schema = summary.value("schema", Json("strikenet.summary/2"));
    if (schema == "strikenet.summary/1" || schema == "strikenet.summary/2") return summary;
    return file_problem(
        name, "schema is " +
                  (schema.is_string() ? "'" + printable(schema.get<std::string>()) + "'" : std::string("no text")) +
                  ", but must be 'strikenet.summary/2' or 'strikenet.summary/1'");
  }
  return file_problem(name, "text is no summary, but must be a JSON object with a list 'expiries'");
}

std::string run_of_summary(const Json& summary) {
  const auto run = summary.find("run");
  return run != summary.end() && run->is_string() ? run->get<std::string>() : std::string();
}

void append(Problems& all, const Problems& more) {
  all.lines.insert(all.lines.end(), more.lines.begin(), more.lines.end());
}

}  // namespace

Result<CalibrationFiles> read_calibration_files(const std::string& directory) {
  CalibrationFiles files;
  Problems problems;
  for (const auto& [name, text] : {std::pair{"surface.json", &files.surface}, std::pair{"quotes.csv", &files.quotes},
                                   std::pair{"summary.json", &files.summary}}) {
    auto read = text_of_file(directory + "/" + name);
    if (read)
      *text = std::move(read).value();
    else
      append(problems, read.problems());
  }
  if (!problems.lines.empty()) return problems;
  if (Problems mixed = mixed_runs(directory); !mixed.lines.empty()) return mixed;
  return files;
}

Result<ReadCalibration> read_calibration(const CalibrationFiles& files, std::string_view where) {
  const std::string folder = std::string(where) + "/";
  auto surface = parse_surface(files.surface, folder + "surface.json");
  auto summary = read_summary(files.summary, folder + "summary.json");
  ProblemList of_quotes;
  auto expiries = read_quotes(files.quotes, surface ? surface.value() : Surface{}, of_quotes);
  Problems problems;
  if (!surface) append(problems, surface.problems());
  append(problems, of_quotes.by_line(folder + "quotes.csv"));
  if (!summary) append(problems, summary.problems());
  if (problems.lines.empty())
    append(problems, different_runs({{folder + "surface.json", surface.value().run},
                                     {folder + "quotes.csv", run_of_quotes(files.quotes)},
                                     {folder + "summary.json", run_of_summary(summary.value())}}));
  if (!problems.lines.empty()) return problems;
  return ReadCalibration{std::move(surface).value(), std::move(summary).value(), std::move(expiries)};
}

}  // namespace strikenet
