#include "io/csv_field.h"

#include <csv.h>

#include <cmath>

#include "io/row_reader.h"

namespace strikenet {
namespace {

constexpr char kGuard = '\'';

/// Whether it starts as a formula does, behind any number of guards.
bool starts_formula(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kGuard);
  return first != std::string_view::npos && std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

bool is_number(std::string_view text) {
  const auto number = parse_number(text);
  return number && std::isfinite(*number);
}

}  // namespace

std::string csv_field(std::string_view text) {
  std::string field(text);
  if (starts_formula(text) && !is_number(text)) field.insert(field.begin(), kGuard);
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted(2 * field.size() + 2, '\0');
  quoted.resize(csv_write(quoted.data(), quoted.size(), field.data(), field.size()));
  return quoted;
}

std::string_view csv_text(std::string_view field) {
  return field.starts_with(kGuard) && starts_formula(field) ? field.substr(1) : field;
}

}  // namespace strikenet
