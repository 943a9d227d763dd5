#include "report/run_id.h"

#include <fmt/format.h>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/problem_list.h"
#include "io/row_reader.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

/// Of run ids alone, drawn once.
constexpr const char* kNamespace = "1b6c1f2e-6f0c-4c0b-9a43-5f2f6d3c7a15";

constexpr std::string_view kData = "<script type=\"application/json\" id=\"data\">{\"schema\":\"strikenet.report/";

std::string in_words(const std::string& run) {
  return run.empty() ? std::string("missing") : fmt::format("'{}'", printable(run));
}

/// Of a file that is there and can be read; what it is called may be anything else, too: a pipe that nobody writes to.
std::optional<std::string> text_if_there(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  auto text = text_of_file(path);
  return text ? std::optional(std::move(text).value()) : std::nullopt;
}

}  // namespace

std::string run_id(const CalibrationFiles& files) {
  boost::uuids::name_generator_sha1 named(boost::uuids::string_generator()(kNamespace));
  std::string all;
  for (const std::string* text : {&files.surface, &files.quotes, &files.summary})
    all += fmt::format("{}:{}", text->size(), *text);
  return to_string(named(all));
}

std::optional<std::string> run_of_json(std::string_view text, std::string_view schema) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("schema") || !json["schema"].is_string()) return std::nullopt;
  if (!json["schema"].get<std::string>().starts_with(schema)) return std::nullopt;
  const auto run = json.find("run");
  return run != json.end() && run->is_string() ? run->get<std::string>() : std::string();
}

std::optional<std::string> run_of_quotes(std::string_view text) {
  const CsvTable table(text);
  for (const char* const column : {"row", "strike", "used", "model", "mid_vol"})
    if (!table.column(column)) return std::nullopt;
  ProblemList ignored;
  CsvRows rows(table, ignored);
  return rows.next() ? std::string(RowReader(rows, ignored).text("run")) : std::string();
}

std::optional<std::string> run_of_page(std::string_view text) {
  const std::size_t data = text.find(kData);
  if (data == std::string_view::npos) return std::nullopt;
  constexpr std::string_view kRun = "\",\"run\":\"";
  text = text.substr(data + kData.size());
  const std::size_t digits = std::min(text.find('"'), text.size());  // of the schema's number
  if (!text.substr(digits).starts_with(kRun)) return std::string();
  text.remove_prefix(digits + kRun.size());
  return std::string(text.substr(0, text.find('"')));
}

Problems different_runs(const std::vector<FileOfRun>& files) {
  Problems problems;
  const FileOfRun* first = nullptr;
  for (const FileOfRun& file : files) {
    const auto& [path, run] = file;
    if (!run) continue;
    if (!first) first = &file;
    if (*run != *first->second)
      problems.lines.push_back(
          fmt::format("{}: run is {}, but must be {}, as in {}: they are files of two calibrations", path,
                      in_words(*run), in_words(*first->second), first->first));
  }
  return problems;
}

bool is_report_html(std::string_view text) { return run_of_page(text).has_value(); }

Problems mixed_runs(const std::string& directory) {
  const std::filesystem::path folder(directory);
  std::vector<FileOfRun> files;
  const auto add = [&](const char* name, auto run_of) {
    const std::string path = (folder / name).string();
    if (const auto text = text_if_there(path)) files.emplace_back(path, run_of(*text));
  };
  add("surface.json", [](std::string_view text) { return run_of_json(text, "strikenet.surface/"); });
  add("quotes.csv", run_of_quotes);
  add("summary.json", [](std::string_view text) { return run_of_json(text, "strikenet.summary/"); });
  add("report.html", run_of_page);
  return different_runs(files);
}

}  // namespace strikenet
