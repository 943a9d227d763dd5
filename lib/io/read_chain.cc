#include "strikenet/io/read_chain.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "io/chain_format.h"

namespace strikenet {
namespace {

// In the order in which a file is tried against them: the generic one claims the most files.
std::span<const ChainFormatReader* const> readers() {
  static const ChainFormatReader* const list[] = {
      &cboe_datashop_format(),
      &iv_table_format(),
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

const ChainFormatReader* recognised(const CsvTable& table) {
  for (const ChainFormatReader* reader : readers())
    if (reader->recognises(table)) return reader;
  return nullptr;
}

std::string list_of_columns(const CsvTable& table) {
  constexpr std::size_t most = 40;
  std::string list;
  for (std::size_t i = 0; i < table.columns().size() && i < most; ++i)
    list += (i == 0 ? "" : ", ") + printable(table.columns()[i]);
  return table.columns().size() > most ? fmt::format("{} and {} more", list, table.columns().size() - most) : list;
}

Problems file_problem(std::string_view name, std::string_view what) { return {{fmt::format("{}: {}", name, what)}}; }

Result<RawChain> read_text(std::string_view text, std::string_view name, std::string_view format) {
  const ChainFormatReader* reader = format.empty() ? nullptr : &named(format);
  const CsvTable table = CsvTable::parse(text);
  ProblemList problems;
  if (table.columns().empty()) {
    problems.add(table.problems());
    return problems.empty() ? file_problem(name, "file is empty, but must have a header and rows")
                            : problems.by_line(name);
  }
  if (!reader) reader = recognised(table);
  if (!reader)
    return file_problem(fmt::format("{}:{}", name, table.header_line()),
                        fmt::format("columns are {}, but must be those of a known format; the generic one needs {}",
                                    list_of_columns(table), generic_format().description.columns));
  RawChain chain = reader->read(table, problems);
  problems.add(table.problems());
  if (table.rows() == 0 && table.problems().empty())
    problems.add(table.header_line(), "number of rows below the header is 0, but must be at least 1");
  if (!problems.empty()) return problems.by_line(name);
  chain.file = name;
  chain.format = reader->description.name;
  return chain;
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
  const std::string text{std::istreambuf_iterator<char>(csv), std::istreambuf_iterator<char>()};
  if (csv.bad()) return file_problem(name, "cannot be read");
  return read_text(text, name, format);
}

Result<RawChain> read_chain_file(const std::string& path, std::string_view format) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return file_problem(path, "is a directory, but must be a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return file_problem(path, "cannot be read: " + std::generic_category().message(errno));
  return read_chain(file, path, format);
}

}  // namespace strikenet
