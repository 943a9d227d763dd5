#pragma once

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <optional>
#include <string_view>

#include "core/problem_list.h"
#include "io/csv_table.h"

namespace strikenet {

/// The text of a file of a chain, a network or a portfolio as its readers see it: parsed as what it looks like, once.
class ChainText {
 public:
  /// `text` is kept by reference.
  explicit ChainText(std::string_view text);
  ~ChainText();

  /// Without a byte-order mark.
  std::string_view text() const { return text_; }
  bool is_json() const { return is_json_; }

  /// Of a text that begins with { or [; null where that is no JSON: see problems().
  const nlohmann::json* json() const { return json_.get(); }
  /// The text as CSV, header first; without columns where it is JSON.
  const CsvTable& table() const { return table_; }
  /// Why json() is null.
  const ProblemList& problems() const { return problems_; }

 private:
  std::string_view text_;
  bool is_json_ = false;
  std::unique_ptr<nlohmann::json> json_;
  CsvTable table_;
  ProblemList problems_;
};

}  // namespace strikenet
