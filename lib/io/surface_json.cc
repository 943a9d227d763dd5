#include "strikenet/io/surface_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include <fmt/core.h>

#include "core/problem_list.h"
#include "io/json_text.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "strikenet.surface/2", kSchemaBefore = "strikenet.surface/1";

// --- writing ---------------------------------------------------------------------------------------------------------

/// The fewest digits that read back to the same bits.
std::string digits(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string json_text(std::string_view text) { return json(text).dump(-1, ' ', false, json::error_handler_t::replace); }

std::string json_list(std::span<const double> values) {
  std::string text = "[";
  for (const double value : values)
    text.append(text.size() > 1 ? ", " : "").append(digits(value));
  return text.append("]");
}

std::string slice_json(const SurfaceSlice& slice, bool own_knots) {
  std::string text = "  {\"expiry\": " + json_text(slice.key.expiry);
  if (!slice.key.root.empty()) text += ", \"root\": " + json_text(slice.key.root);
  text += fmt::format(", \"t\": {}, \"forward\": {}, \"discount\": {}", digits(slice.t.value()),
                      digits(slice.forward.value()), digits(slice.discount.value()));
  if (slice.quoted)
    text += fmt::format(", \"quoted\": [{}, {}]", digits(slice.quoted->lowest), digits(slice.quoted->highest));
  if (own_knots) text += ",\n   \"knots\": " + json_list(slice.curve.knots());
  return text + ",\n   \"weights\": " + json_list(slice.curve.weights()) + "}";
}

void check(const Surface& surface, bool common_knots) {
  constexpr std::string_view kWhere = "to_json";
  require(!surface.slices.empty(), kWhere, "number of slices", 0, "must be at least 1");
  require(common_knots || surface.activation == Activation::relu, kWhere, "number of knots per unit",
          knots_per_unit(surface.activation), "only 'relu' slices, with 1, may have their own knots");
  for (const SurfaceSlice& slice : surface.slices) {
    require(slice.curve.activation() == surface.activation, kWhere, "number of knots per unit of a slice",
            knots_per_unit(slice.curve.activation()), "must be that of the surface");
    for (const double number : {slice.t.value(), slice.forward.value(), slice.discount.value()})
      require(std::isfinite(number), kWhere, "t, forward or discount", number, "must be finite");
  }
}

// --- reading ---------------------------------------------------------------------------------------------------------

/// A JSON value as a message may show it.
std::string shown(const json& value) {
  if (value.is_string()) return fmt::format("'{}'", printable(value.get_ref<const std::string&>()));
  if (value.is_number_float()) return digits(value.get<double>());
  if (value.is_number() || value.is_boolean() || value.is_null()) return value.dump();
  return value.is_array() ? "a list" : "an object";
}

/// Reads one JSON object field by field; what is wrong goes to the problems under the path of the field.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string path, ProblemList& problems)
      : object_(object), path_(std::move(path)), problems_(problems) {}

  bool has(const char* key) const { return object_.contains(key); }

  void add(std::string_view key, std::string_view what) { problems_.add(0, fmt::format("{}{} {}", path_, key, what)); }

  /// The value under the key; a missing one is a problem.
  const json* required(const char* key, std::string_view rule) {
    if (const auto found = object_.find(key); found != object_.end()) return &*found;
    add(key, fmt::format("is missing, but must be {}", rule));
    return nullptr;
  }

  std::optional<std::string> text(const char* key, std::string_view rule) {
    const json* value = required(key, rule);
    if (!value) return std::nullopt;
    if (value->is_string() && !value->get_ref<const std::string&>().empty()) return value->get<std::string>();
    add(key, fmt::format("is {}, but must be {}", shown(*value), rule));
    return std::nullopt;
  }

  /// Empty when the key is missing.
  std::string optional_text(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    add(key, fmt::format("is {}, but must be a text", shown(*found)));
    return {};
  }

  bool flag(const char* key, bool otherwise) {
    const auto found = object_.find(key);
    if (found == object_.end()) return otherwise;
    if (!found->is_boolean()) add(key, fmt::format("is {}, but must be true or false", shown(*found)));
    return found->is_boolean() ? found->get<bool>() : otherwise;
  }

  std::optional<double> positive(const char* key) {
    constexpr std::string_view kRule = "a number above 0";
    const json* value = required(key, kRule);
    if (!value) return std::nullopt;
    if (value->is_number() && value->get<double>() > 0) return value->get<double>();
    add(key, fmt::format("is {}, but must be {}", shown(*value), kRule));
    return std::nullopt;
  }

  /// The numbers of a list, NaN where an element is none; empty when there is no list.
  std::optional<std::vector<double>> numbers(const char* key) {
    constexpr std::string_view kRule = "a list of numbers";
    const json* value = required(key, kRule);
    if (!value) return std::nullopt;
    if (!value->is_array()) {
      add(key, fmt::format("is {}, but must be {}", shown(*value), kRule));
      return std::nullopt;
    }
    std::vector<double> list;
    for (const json& element : *value) {
      list.push_back(element.is_number() ? element.get<double>() : std::numeric_limits<double>::quiet_NaN());
      if (!element.is_number())
        add(fmt::format("{}[{}]", key, list.size() - 1), fmt::format("is {}, but must be a number", shown(element)));
    }
    return list;
  }

  /// [lowest, highest]; empty when the key is missing.
  std::optional<QuotedStrikes> quoted() {
    if (!has("quoted")) return std::nullopt;
    const auto list = numbers("quoted");
    if (!list) return std::nullopt;
    if (list->size() == 2 && (*list)[0] >= 0 && (*list)[0] <= (*list)[1]) return QuotedStrikes{(*list)[0], (*list)[1]};
    add("quoted", fmt::format("is {}, but must be the lowest strike and the highest", json(*list).dump()));
    return std::nullopt;
  }

  /// A list of numbers that can be knots, as far as they are numbers.
  std::optional<std::vector<double>> knots(Activation activation) {
    const auto knots = numbers("knots");
    if (!knots) return knots;
    if (!knots->empty() && knots->front() < 0)
      add("knots[0]", fmt::format("is {}, but must be at least 0", digits(knots->front())));
    for (std::size_t i = 1; i < knots->size(); ++i)
      if ((*knots)[i] <= (*knots)[i - 1])
        add(fmt::format("knots[{}]", i), fmt::format("is {}, but must be greater than knots[{}], which is {}",
                                                     digits((*knots)[i]), i - 1, digits((*knots)[i - 1])));
    const auto width = static_cast<std::size_t>(knots_per_unit(activation));
    if (knots->size() < width)
      add("knots",
          fmt::format("has {} numbers, but one '{}' unit needs {}", knots->size(), to_string(activation), width));
    return knots;
  }

 private:
  const json& object_;
  std::string path_;
  ProblemList& problems_;
};

/// What a file says of one slice, as far as it says it.
struct Draft {
  ExpiryKey key = {};
  std::optional<double> t = {}, forward = {}, discount = {};
  std::optional<std::vector<double>> knots = {}, weights = {};
  std::optional<QuotedStrikes> quoted = {};
};

void compare_lengths(ObjectReader& reader, const Draft& draft, Activation activation) {
  const auto width = static_cast<std::size_t>(knots_per_unit(activation));
  if (!draft.knots || draft.knots->size() < width || !draft.weights) return;
  const std::size_t units = draft.knots->size() - width + 1;
  if (draft.weights->size() != units)
    reader.add("weights", fmt::format("has {} numbers, but {} knots of '{}' units need {}", draft.weights->size(),
                                      draft.knots->size(), to_string(activation), units));
}

/// `common` are the knots of the surface; without an activation, knots and weights are read but not compared.
Draft read_slice(ObjectReader reader, std::optional<Activation> activation,
                 const std::optional<std::vector<double>>& common) {
  Draft draft;
  draft.key.expiry = reader.text("expiry", "a text").value_or("");
  draft.key.root = reader.optional_text("root");
  draft.t = reader.positive("t");
  draft.forward = reader.positive("forward");
  draft.discount = reader.positive("discount");
  if (draft.forward && draft.discount)
    if (const double unit = *draft.forward * *draft.discount; !(unit > 0 && std::isfinite(unit)))
      reader.add("discount",
                 fmt::format("is {}, but times the forward it must be a number above 0", digits(*draft.discount)));
  draft.quoted = reader.quoted();
  draft.weights = reader.numbers("weights");
  draft.knots = common;
  if (!activation) return draft;
  if (reader.has("knots") && *activation != Activation::relu)
    reader.add("knots", fmt::format("is given, but only 'relu' slices may have their own, not '{}' ones",
                                    to_string(*activation)));
  else if (reader.has("knots"))
    draft.knots = reader.knots(*activation);
  compare_lengths(reader, draft, *activation);
  return draft;
}

void check_order(ObjectReader reader, const std::vector<Draft>& drafts) {
  std::optional<double> latest;
  std::set<ExpiryKey> keys;
  std::set<std::pair<double, std::string>> instants;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const auto& [key, t, forward, discount, knots, weights, quoted] = drafts[i];
    const std::string of_t = fmt::format("slices[{}].t", i);
    if (t && latest && *t < *latest)
      reader.add(of_t,
                 fmt::format("is {}, but must be at least {}, that of a slice before", digits(*t), digits(*latest)));
    else if (t && !instants.emplace(*t, key.root).second)
      reader.add(of_t, fmt::format("is {}, but a slice before has it too, and only slices of different roots may",
                                   digits(*t)));
    if (t) latest = latest ? std::max(*latest, *t) : *t;
    if (!key.expiry.empty() && !keys.insert(key).second)
      reader.add(fmt::format("slices[{}].expiry", i),
                 fmt::format("is '{}', but a slice before has it too, with the same root", printable(key.expiry)));
  }
}

std::vector<Draft> read_slices(ObjectReader& top, const json& document, ProblemList& problems,
                               std::optional<Activation> activation) {
  constexpr std::string_view kRule = "a list of at least one slice";
  const json* slices = top.required("slices", kRule);
  if (!slices) return {};
  if (!slices->is_array() || slices->empty()) {
    top.add("slices", fmt::format("is {}, but must be {}", slices->is_array() ? "empty" : shown(*slices), kRule));
    return {};
  }
  const bool needs_common =
      activation &&
      (*activation != Activation::relu || document.contains("knots") ||
       !std::ranges::all_of(*slices, [](const json& slice) { return slice.is_object() && slice.contains("knots"); }));
  const auto common = needs_common ? top.knots(*activation) : std::nullopt;
  std::vector<Draft> drafts;
  for (std::size_t i = 0; i < slices->size(); ++i) {
    const json& slice = (*slices)[i];
    if (!slice.is_object())
      top.add(fmt::format("slices[{}]", i), fmt::format("is {}, but must be an object", shown(slice)));
    drafts.push_back(
        slice.is_object() ? read_slice({slice, fmt::format("slices[{}].", i), problems}, activation, common) : Draft{});
  }
  check_order(top, drafts);
  return drafts;
}

std::optional<Activation> read_activation(ObjectReader& top) {
  const auto word = top.text("activation", "'relu', 'quadratic' or 'cubic'");
  if (!word) return std::nullopt;
  const auto activation = parse_activation(*word);
  if (!activation)
    top.add("activation", fmt::format("is '{}', but must be 'relu', 'quadratic' or 'cubic'", printable(*word)));
  return activation;
}

void check_kind(ObjectReader& top) {
  const std::string rule = fmt::format("'{}' or '{}'", kSchema, kSchemaBefore);
  const auto schema = top.text("schema", rule);
  if (schema && *schema != kSchema && *schema != kSchemaBefore)
    top.add("schema", fmt::format("is '{}', but must be {}", printable(*schema), rule));
  const std::string unit = top.optional_text("unit");
  if (!unit.empty() && unit != "ratio")
    top.add("unit", fmt::format("is '{}', but only 'ratio' is read", printable(unit)));
}

Result<Surface> read_document(const json& document, std::string_view file) {
  if (!document.is_object())
    return Problems{
        {fmt::format("{}: content is {}, but must be an object of schema '{}'", file, shown(document), kSchema)}};
  ProblemList problems;
  ObjectReader top(document, "", problems);
  check_kind(top);
  const auto activation = read_activation(top);
  Surface surface{.as_of = top.optional_text("as_of"),
                  .underlying = top.optional_text("underlying"),
                  .calendar = top.flag("calendar", true),
                  .activation = activation.value_or(Activation::cubic),
                  .run = top.optional_text("run")};
  std::vector<Draft> drafts = read_slices(top, document, problems, activation);
  if (!problems.empty()) return problems.by_line(file);
  for (Draft& draft : drafts)
    surface.slices.push_back(
        {draft.key, YearFraction(*draft.t), Forward(*draft.forward), DiscountFactor(*draft.discount),
         CallCurve(*activation, std::move(*draft.knots), std::move(*draft.weights)), draft.quoted});
  return surface;
}

long line_of(std::string_view text, std::size_t byte) { return 1 + std::ranges::count(text.substr(0, byte), '\n'); }

Problems not_json(std::string_view text, std::string_view file, std::size_t byte) {
  constexpr std::size_t kShown = 30;
  const std::size_t end = std::min(byte, text.size()), begin = end > kShown ? end - kShown : 0;
  return {{fmt::format("{}:{}: text is '{}' up to byte {}{}, but must be JSON", file, line_of(text, end - (end > 0)),
                       printable(text.substr(begin, end - begin)), end, byte > text.size() ? ", where it ends" : "")}};
}

/// The library names the number, in single quotes, but not where it stands.
Problems too_large(std::string_view text, std::string_view file, std::string_view why) {
  const std::size_t first = why.find('\''), last = why.rfind('\'');
  const std::string_view number = why.substr(first + 1, last - first - 1);
  return {{fmt::format("{}:{}: number is {}, but must fit a double", file, line_of(text, text.find(number)),
                       printable(number))}};
}

}  // namespace

std::string to_json(const Surface& surface, std::string_view status) {
  const bool common_knots = has_common_knots(surface);
  check(surface, common_knots);
  std::string text = fmt::format("{{\n \"schema\": \"{}\",\n \"generator\": \"strikenet {}\",\n \"status\": {},\n",
                                 kSchema, STRIKENET_VERSION, json_text(status));
  if (!surface.run.empty()) text += " \"run\": " + json_text(surface.run) + ",\n";
  if (!surface.as_of.empty()) text += " \"as_of\": " + json_text(surface.as_of) + ",\n";
  if (!surface.underlying.empty()) text += " \"underlying\": " + json_text(surface.underlying) + ",\n";
  text += fmt::format(" \"activation\": \"{}\",\n \"unit\": \"ratio\",\n \"calendar\": {},\n",
                      to_string(surface.activation), surface.calendar);
  if (common_knots) text += " \"knots\": " + json_list(surface.slices.front().curve.knots()) + ",\n";
  text += " \"slices\": [\n";
  for (std::size_t i = 0; i < surface.slices.size(); ++i)
    text.append(i > 0 ? ",\n" : "").append(slice_json(surface.slices[i], !common_knots));
  return text + "\n ]\n}\n";
}

Result<Surface> parse_surface(std::string_view text, std::string_view name) {
  if (text.empty()) return file_problem(name, "file is empty, but must be a surface");
  try {
    ProblemList refused;
    const json document = parse_json(text, refused);
    return refused.empty() ? read_document(document, name) : refused.by_line(name);
  } catch (const json::parse_error& error) {
    return not_json(text, name, error.byte);
  } catch (const json::out_of_range& error) {
    return too_large(text, name, error.what());
  }
}

Result<Surface> read_surface(const std::string& path) {
  const Result<std::string> text = text_of_file(path);
  return text ? parse_surface(text.value(), input_name(path)) : text.problems();
}

}  // namespace strikenet
