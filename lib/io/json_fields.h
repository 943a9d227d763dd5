#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem_list.h"
#include "io/row_reader.h"

namespace strikenet {

/// One object of a JSON chain, read field by field. What is wrong goes to the problems under the JSON pointer of the
/// field (RFC 6901), "/records/data/3/CE/bidprice is 'abc', but must be ...", and the field counts as missing.
class JsonFields {
 public:
  JsonFields(const nlohmann::json& object, std::string pointer, ProblemList& problems)
      : object_(&object), pointer_(std::move(pointer)), problems_(&problems) {}

  bool has(const char* key) const;

  /// A missing one is a problem.
  std::optional<JsonFields> object(const char* key) const;
  std::optional<std::string> text(const char* key) const;
  std::optional<double> number(const char* key, const NumberRule& rule) const;
  /// Of a list: its elements, all of them objects, numbers, texts, or lists of numbers that are equally long. A missing
  /// list is a problem, and so is an element that is something else: "POINTER/KEY/3 is ...".
  std::vector<JsonFields> objects(const char* key) const;
  std::vector<double> numbers(const char* key) const;
  std::vector<std::string> texts(const char* key) const;
  std::vector<std::vector<double>> rows(const char* key) const;

  /// Empty without a problem when the key is missing or null. A number in quotes is taken for the number.
  std::optional<std::string> optional_text(const char* key) const;
  std::optional<double> optional_number(const char* key, const NumberRule& rule) const;

  /// "POINTER/KEY is VALUE, but must be RULE".
  void reject(const char* key, std::string_view rule) const;
  /// "POINTER/KEY/I is VALUE, but must be RULE".
  void reject(const char* key, std::size_t i, std::string_view rule) const;

 private:
  const nlohmann::json* find(const char* key, std::string_view rule, bool required) const;
  /// Calls `take(element, number, pointer)` for each element.
  template <class Take>
  void each(const char* key, Take take) const;

  const nlohmann::json* object_;
  std::string pointer_;
  ProblemList* problems_;
};

}  // namespace strikenet
