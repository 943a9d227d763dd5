#include "strikenet/io/read_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "io/chain_format.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

using Layout = ChainFormatReader::Layout;

// In the order in which a file is tried against them: the generic one claims the most files.
std::span<const ChainFormatReader* const> readers() {
  static const ChainFormatReader* const list[] = {
      &cboe_datashop_format(),
      &cboe_quotedata_format(),
      &cboe_quotedata_old_format(),
      &cboe_json_format(),
      &yfinance_format(),
      &yahoo_json_format(),
      &optionsdx_format(),
      &wide_format(),
      &deribit_csv_format(),
      &deribit_json_format(),
      &nse_format(),
      &iv_table_format(),
      &arbitragerepair_format(),
      &vol_slice_format(),
      &blocks_format(),
      &generic_format(),
  };
  return list;
}

const ChainFormatReader& named(std::string_view format) {
  std::string names;
  for (const ChainFormatReader* reader : readers()) {
    if (reader->description.name == format) return *reader;
    names += (names.empty() ? "" : ", ") + std::string(reader->description.name);
  }
  throw PreconditionError(fmt::format("read_chain: format is '{}', but must be one of {}", printable(format), names));
}

const ChainFormatReader* recognised(const ChainText& text) {
  for (const ChainFormatReader* reader : readers())
    if (reader->recognises(text)) return reader;
  return nullptr;
}

std::string list_of_columns(const CsvTable& table) {
  constexpr std::size_t most = 40;
  std::string list;
  for (std::size_t i = 0; i < table.columns().size() && i < most; ++i)
    list += (i == 0 ? "" : ", ") + printable(table.columns()[i]);
  return table.columns().size() > most ? fmt::format("{} and {} more", list, table.columns().size() - most) : list;
}

/// Nothing knows the text: what it looks like instead.
Problems unknown(const ChainText& text, std::string_view name) {
  if (text.is_json()) return file_problem(name, "file is JSON, but must be that of a known format");
  return file_problem(fmt::format("{}:{}", name, text.table().header_line()),
                      fmt::format("columns are {}, but must be those of a known format; the generic one needs {}",
                                  list_of_columns(text.table()), generic_format().description.columns));
}

/// Roots and underlyings go into tables and files.
void check_names(const RawChain& chain, bool has_lines, ProblemList& problems) {
  const auto check = [&](long line, std::string_view what, std::string_view name) {
    const bool is_clean = std::ranges::none_of(name, [](char c) { return (0 <= c && c < ' ') || c == '\x7f'; });
    if (!is_clean || trimmed(name) != name)
      problems.add(line, fmt::format("{} is '{}', but must be without control characters and blanks around it", what,
                                     printable(name)));
  };
  check(0, "underlying", chain.underlying);
  const ExpiryKey* last = nullptr;  // most rows share the key of the one before
  for (const RawQuote& quote : chain.quotes) {
    if (&*quote.key != last) check(has_lines ? quote.line : 0, "root", quote.key->root);
    last = &*quote.key;
  }
}

Result<RawChain> read_text(std::string_view bytes, std::string_view name, std::string_view format) {
  const ChainFormatReader* reader = format.empty() ? nullptr : &named(format);
  const ChainText text(bytes);
  ProblemList problems;
  if (!text.problems().empty()) return text.problems().by_line(name);
  if (!text.is_json() && text.table().columns().empty()) {
    problems.add(text.table().problems());
    return problems.empty() ? file_problem(name, "file is empty, but must have a header and rows")
                            : problems.by_line(name);
  }
  if (!reader) reader = recognised(text);
  if (!reader) return unknown(text, name);
  if (text.is_json() != (reader->layout == Layout::json))
    return file_problem(name,
                        fmt::format("file is {}JSON, but must be {}JSON for format {}", text.is_json() ? "" : "not ",
                                    text.is_json() ? "no " : "", reader->description.name));
  RawChain chain = reader->read(text, problems);
  if (reader->layout == Layout::table) problems.add(text.table().problems());
  check_names(chain, !text.is_json(), problems);
  if (chain.quotes.empty() && problems.empty())
    problems.add(text.table().header_line(), text.is_json()
                                                 ? "number of quotes is 0, but must be at least 1"
                                                 : "number of rows below the header is 0, but must be at least 1");
  if (!problems.empty()) return problems.by_line(name);
  chain.file = name;
  chain.format = reader->description.name;
  return chain;
}

/// What keeps two files from being pages of one chain; empty when nothing does.
std::string mismatch(const RawChain& first, const RawChain& other) {
  if (other.format != first.format) return fmt::format("format is {}", other.format);
  if (other.kind != first.kind) return "quotes are of another kind";
  if (other.underlying != first.underlying) return fmt::format("underlying is '{}'", printable(other.underlying));
  const bool both = first.as_of && other.as_of;
  if (first.as_of.has_value() != other.as_of.has_value() ||
      (both && std::chrono::abs(*first.as_of - *other.as_of) > std::chrono::hours(24)))
    return fmt::format("as-of is {}, which is not within a day", other.as_of ? to_string(*other.as_of) : "missing");
  return {};
}

/// Pages of one chain as one, or the problems of all of them.
Result<RawChain> joined(std::vector<Result<RawChain>> pages) {
  Problems problems;
  for (const Result<RawChain>& page : pages)
    if (!page) problems.lines.insert(problems.lines.end(), page.problems().lines.begin(), page.problems().lines.end());
  if (!problems.lines.empty()) return problems;
  RawChain all = std::move(pages.front()).value();
  const std::string first_file = all.file;
  if (pages.size() > 1) all.pages.push_back(first_file);
  for (Result<RawChain>& of_page : std::span(pages).subspan(1)) {
    RawChain page = std::move(of_page).value();
    for (RawQuote& quote : page.quotes)
      quote.page = static_cast<std::uint32_t>(all.pages.size());
    all.pages.push_back(page.file);
    const std::string what = mismatch(all, page);
    if (!what.empty())
      problems.lines.push_back(fmt::format("{}: {}, but must be as in {}", page.file, what, first_file));
    all.as_of = std::max(all.as_of, page.as_of);
    all.quotes.insert(all.quotes.end(), page.quotes.begin(), page.quotes.end());
  }
  if (!problems.lines.empty()) return problems;
  if (pages.size() > 1) all.file += fmt::format(" and {} more", pages.size() - 1);
  return all;
}

}  // namespace

std::span<const ChainFormat> chain_formats() {
  static const std::vector<ChainFormat> formats = [] {
    std::vector<ChainFormat> list;
    for (const ChainFormatReader* reader : readers())
      list.push_back(reader->description);
    return list;
  }();
  return formats;
}

Result<RawChain> read_chain(std::istream& csv, std::string_view name, std::string_view format) {
  const Result<std::string> text = text_of(csv, name);
  return text ? read_text(text.value(), name, format) : text.problems();
}

Result<RawChain> read_chain_file(const std::string& path, std::string_view format) {
  const Result<std::string> text = text_of_file(path);
  return text ? read_text(text.value(), input_name(path), format) : text.problems();
}

Result<RawChain> read_chain_files(std::span<const std::string> paths, std::string_view format) {
  require(!paths.empty(), "read_chain_files", "number of paths", 0, "must be at least 1");
  if (Problems problems = read_twice(paths); !problems.lines.empty()) return problems;
  std::vector<Result<RawChain>> pages;
  for (const std::string& path : paths)
    pages.push_back(read_chain_file(path, format));
  return joined(std::move(pages));
}

Result<RawChain> read_chain_pages(std::span<const Input> inputs, std::string_view format) {
  require(!inputs.empty(), "read_chain_pages", "number of inputs", 0, "must be at least 1");
  std::vector<Result<RawChain>> pages;
  for (const Input& input : inputs)
    pages.push_back(read_text(input.bytes, input.name, format));
  return joined(std::move(pages));
}

}  // namespace strikenet
