#include "io/json_fields.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace strikenet {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  if (value.is_string()) return fmt::format("'{}'", printable(value.get_ref<const std::string&>()));
  if (value.is_array()) return "a list";
  return value.is_object() ? "an object" : value.dump();
}

}  // namespace

bool JsonFields::has(const char* key) const { return object_->contains(key); }

const json* JsonFields::find(const char* key, std::string_view rule, bool required) const {
  const auto found = object_->find(key);
  if (found != object_->end() && (required || !found->is_null())) return &*found;
  if (required) problems_->add(0, fmt::format("{}/{} is missing, but must be {}", pointer_, key, rule));
  return nullptr;
}

std::optional<JsonFields> JsonFields::object(const char* key) const {
  const json* value = find(key, "an object", true);
  if (value && value->is_object()) return JsonFields(*value, fmt::format("{}/{}", pointer_, key), *problems_);
  if (value) reject(key, "an object");
  return std::nullopt;
}

template <class Take>
void JsonFields::each(const char* key, Take take) const {
  const json* value = find(key, "a list", true);
  if (value && !value->is_array()) reject(key, "a list");
  if (!value || !value->is_array()) return;
  for (std::size_t i = 0; i < value->size(); ++i)
    take((*value)[i], i, fmt::format("{}/{}/{}", pointer_, key, i));
}

std::vector<JsonFields> JsonFields::objects(const char* key) const {
  std::vector<JsonFields> result;
  each(key, [&](const json& element, std::size_t i, const std::string& pointer) {
    if (element.is_object())
      result.emplace_back(element, pointer, *problems_);
    else
      reject(key, i, "an object");
  });
  return result;
}

std::vector<double> JsonFields::numbers(const char* key) const {
  std::vector<double> result;
  each(key, [&](const json& element, std::size_t i, const std::string&) {
    if (element.is_number())
      result.push_back(element.get<double>());
    else
      reject(key, i, "a number");
  });
  return result;
}

std::vector<std::string> JsonFields::texts(const char* key) const {
  std::vector<std::string> result;
  each(key, [&](const json& element, std::size_t i, const std::string&) {
    if (element.is_string())
      result.push_back(element.get<std::string>());
    else
      reject(key, i, "a text");
  });
  return result;
}

std::vector<std::vector<double>> JsonFields::rows(const char* key) const {
  std::vector<std::vector<double>> result;
  each(key, [&](const json& element, std::size_t i, const std::string& pointer) {
    std::vector<double> row;
    if (!element.is_array()) return reject(key, i, "a list");
    for (std::size_t k = 0; k < element.size(); ++k)
      if (element[k].is_number())
        row.push_back(element[k].get<double>());
      else
        problems_->add(0, fmt::format("{}/{} is {}, but must be a number", pointer, k, shown(element[k])));
    if (!result.empty() && element.size() != result[0].size()) reject(key, i, "as long as the first row");
    result.push_back(std::move(row));
  });
  return result;
}

std::optional<std::string> JsonFields::text(const char* key) const {
  const json* value = find(key, "a text", true);
  if (value && value->is_string()) return value->get<std::string>();
  if (value) reject(key, "a text");
  return std::nullopt;
}

std::optional<std::string> JsonFields::optional_text(const char* key) const {
  return find(key, "", false) ? text(key) : std::nullopt;
}

std::optional<double> JsonFields::optional_number(const char* key, const NumberRule& rule) const {
  return find(key, "", false) ? number(key, rule) : std::nullopt;
}

std::optional<double> JsonFields::number(const char* key, const NumberRule& rule) const {
  const json* value = find(key, rule.words, true);
  if (!value) return std::nullopt;
  std::optional<double> number;
  if (value->is_number()) number = value->get<double>();
  if (value->is_string()) number = parse_number(value->get_ref<const std::string&>());
  const std::string_view broken = rule.broken_by(number);
  if (broken.empty()) return number;
  reject(key, broken);
  return std::nullopt;
}

void JsonFields::reject(const char* key, std::string_view rule) const {
  problems_->add(0, fmt::format("{}/{} is {}, but must be {}", pointer_, key, shown(object_->at(key)), rule));
}

void JsonFields::reject(const char* key, std::size_t i, std::string_view rule) const {
  problems_->add(0, fmt::format("{}/{}/{} is {}, but must be {}", pointer_, key, i, shown(object_->at(key)[i]), rule));
}

}  // namespace strikenet
