#include "strikenet/report/price_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "report/columns.h"
#include "report/price_json.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

/// The surface at each of the times, once.
std::vector<SurfaceSmile> smiles_of(const CallSurface& surface, std::span<const AskedExpiry> expiries) {
  std::vector<SurfaceSmile> smiles;
  for (const AskedExpiry& expiry : expiries)
    smiles.push_back(smile_of(surface, expiry));
  return smiles;
}

std::vector<PricedExpiry> priced(std::span<const AskedExpiry> expiries, const std::vector<SurfaceSmile>& smiles) {
  std::vector<PricedExpiry> result;
  for (std::size_t i = 0; i < expiries.size(); ++i)
    result.push_back({expiries[i].key, expiries[i].t, smiles[i].forward(), smiles[i].discount()});
  return result;
}

const SurfaceSmile& smile_of(const std::vector<SurfaceSmile>& smiles, const AskedOption& asked) {
  require(asked.expiry < smiles.size(), "price_options", "expiry of an option", static_cast<double>(asked.expiry),
          "must be one of the expiries");
  return smiles[asked.expiry];
}

PricedOption priced(const SurfaceSmile& smile, const AskedOption& asked, double price) {
  const double vol = smile.vol(asked.strike).value();
  return {.expiry = asked.expiry,
          .type = asked.type,
          .strike = asked.strike,
          .moneyness = asked.moneyness.value_or(asked.strike.value() / smile.forward().value()),
          .price = price,
          .vol = std::isnan(vol) ? std::nullopt : std::optional(vol),
          .extrapolation = smile.extrapolation(asked.strike)};
}

OptionPrice price_of(const SurfaceSmile& smile, const AskedOption& asked, double local_vol_cap) {
  OptionPrice result{.option = priced(smile, asked, smile.price(asked.type, asked.strike)),
                     .total_variance = {},
                     .density = smile.density(asked.strike),
                     .cdf = smile.below(asked.strike),
                     .local_vol = {}};
  if (const auto vol = result.option.vol) result.total_variance = *vol * *vol * smile.t().value();
  const double local_vol = smile.local_vol(asked.strike).value();
  if (!std::isnan(local_vol)) result.local_vol = std::min(local_vol, local_vol_cap);
  result.local_vol_capped = local_vol > local_vol_cap;
  return result;
}

OptionGreeks greeks_of(const SurfaceSmile& smile, const AskedOption& asked, Sticky sticky, std::optional<double> spot) {
  const Greeks greeks = smile.greeks(asked.type, asked.strike, sticky);
  OptionGreeks result{
      .option = priced(smile, asked, greeks.price), .greeks = greeks, .spot_delta = {}, .spot_gamma = {}};
  if (spot) {
    const double forward_by_spot = smile.forward().value() / *spot;
    result.spot_delta = greeks.delta * forward_by_spot;
    result.spot_gamma = greeks.gamma * forward_by_spot * forward_by_spot;
  }
  return result;
}

// --- columns ---------------------------------------------------------------------------------------------------------

constexpr int kDigitsOfMoney = 8;   // strikes and forwards, on a terminal
constexpr int kNotOnATerminal = 0;  // what follows from other columns

/// A column of numbers, `of` an option of `options`, which outlive the column.
template <class Option, class Of>
Column numbers(std::string_view name, const std::vector<Option>& options, Of of, int digits = 6) {
  return {name, [&options, of](std::size_t row) { return number_cell(of(options[row])); }, digits};
}

template <class Option, class Of>
Column texts(std::string_view name, const std::vector<Option>& options, Of of) {
  return {name, [&options, of](std::size_t row) { return Cell(std::string(of(options[row]))); }};
}

/// Which option it is, its price and its vol.
template <class Option>
std::vector<Column> common_columns(const std::vector<PricedExpiry>& expiries, const std::vector<Option>& options) {
  const auto expiry = [&expiries](const Option& of) -> const PricedExpiry& { return expiries[of.option.expiry]; };
  return {
      texts("expiry", options, [=](const Option& of) { return expiry(of).key.expiry; }),
      texts("root", options, [=](const Option& of) { return expiry(of).key.root; }),
      numbers(
          "t", options, [=](const Option& of) { return expiry(of).t.value(); }, kNotOnATerminal),
      numbers(
          "strike", options, [](const Option& of) { return of.option.strike.value(); }, kDigitsOfMoney),
      numbers("moneyness", options, [](const Option& of) { return of.option.moneyness; }),
      texts("type", options, [](const Option& of) { return std::string(1, letter(of.option.type)); }),
      numbers(
          "forward", options, [=](const Option& of) { return expiry(of).forward.value(); }, kDigitsOfMoney),
      numbers(
          "discount", options, [=](const Option& of) { return expiry(of).discount.value(); }, kNotOnATerminal),
      numbers("price", options, [](const Option& of) { return of.option.price; }),
      numbers("vol", options, [](const Option& of) { return of.option.vol; }),
  };
}

template <class Option>
Column extrapolated(const std::vector<Option>& options) {
  return texts("extrapolated", options, [](const Option& of) { return to_string(of.option.extrapolation); });
}

std::vector<Column> columns_of(const OptionPrices& prices) {
  const auto& options = prices.options;
  std::vector<Column> columns = common_columns(prices.expiries, options);
  columns.push_back(numbers(
      "total_variance", options, [](const OptionPrice& of) { return of.total_variance; }, kNotOnATerminal));
  columns.push_back(numbers("density", options, [](const OptionPrice& of) { return of.density; }));
  columns.push_back(numbers("cdf", options, [](const OptionPrice& of) { return of.cdf; }));
  columns.push_back(numbers("local_vol", options, [](const OptionPrice& of) { return of.local_vol; }));
  columns.push_back(extrapolated(options));
  return columns;
}

std::string_view word(Sticky sticky) { return sticky == Sticky::strike ? "strike" : "moneyness"; }

std::vector<Column> columns_of(const GreeksOfOptions& greeks) {
  const auto& options = greeks.options;
  std::vector<Column> columns = common_columns(greeks.expiries, options);
  columns.push_back(texts("sticky", options, [=](const OptionGreeks&) { return word(greeks.sticky); }));
  const auto add = [&](std::string_view name, double Greeks::*greek) {
    columns.push_back(numbers(name, options, [greek](const OptionGreeks& of) { return of.greeks.*greek; }));
  };
  add("delta", &Greeks::delta);
  add("gamma", &Greeks::gamma);
  add("vega", &Greeks::vega);
  add("theta", &Greeks::theta);
  add("dual_delta", &Greeks::dual_delta);
  add("dual_gamma", &Greeks::dual_gamma);
  if (!options.empty() && options.front().spot_delta) {
    columns.push_back(numbers("spot_delta", options, [](const OptionGreeks& of) { return of.spot_delta; }));
    columns.push_back(numbers("spot_gamma", options, [](const OptionGreeks& of) { return of.spot_gamma; }));
  }
  columns.push_back(extrapolated(options));
  return columns;
}

}  // namespace

std::optional<std::size_t> slice_of(const CallSurface& surface, const AskedExpiry& expiry) {
  const std::vector<SurfaceSlice>& slices = surface.surface().slices;
  for (std::size_t i = 0; i < slices.size(); ++i)
    if (slices[i].key == expiry.key && slices[i].t == expiry.t) return i;
  return std::nullopt;
}

SurfaceSmile smile_of(const CallSurface& surface, const AskedExpiry& expiry) {
  const std::optional<std::size_t> slice = slice_of(surface, expiry);
  return slice ? surface.of_slice(*slice) : surface.at(expiry.t);
}

std::string json_object(const JsonMembers& fields) {
  std::string text = "{\n";
  for (std::size_t i = 0; i < fields.size(); ++i)
    text += fmt::format(" \"{}\": {}{}\n", fields[i].first, fields[i].second, i + 1 < fields.size() ? "," : "");
  return text + "}\n";
}

JsonMembers basis_fields(std::string_view schema, const PricingBasis& basis) {
  const Surface& surface = basis.surface.surface();
  const CallSurfaceOptions& options = basis.surface.options();
  return {{"schema", json_text(schema)},
          {"as_of", surface.as_of.empty() ? "null" : json_text(surface.as_of)},
          {"underlying", json_text(surface.underlying)},
          {"status", json_text(status(basis.certificate))},
          {"clock", json_text(basis.clock)},
          {"spot", options.spot ? json_number(*options.spot) : "null"},
          {"local_vol_cap", json_number(options.local_vol_cap)},
          {"capped_nodes", std::to_string(basis.surface.capped_nodes())}};
}

OptionPrices price_options(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                           std::span<const AskedOption> options) {
  const std::vector<SurfaceSmile> smiles = smiles_of(surface, expiries);
  const double cap = surface.options().local_vol_cap;
  OptionPrices result{.expiries = priced(expiries, smiles), .options = {}};
  result.options.reserve(options.size());
  for (const AskedOption& asked : options) {
    const OptionPrice& price = result.options.emplace_back(price_of(smile_of(smiles, asked), asked, cap));
    result.without_vol += !price.option.vol;
    result.without_local_vol += !price.local_vol;
    result.local_vols_capped += price.local_vol_capped;
  }
  return result;
}

GreeksOfOptions greeks_of_options(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                                  std::span<const AskedOption> options, Sticky sticky) {
  const std::vector<SurfaceSmile> smiles = smiles_of(surface, expiries);
  GreeksOfOptions result{.expiries = priced(expiries, smiles), .options = {}, .sticky = sticky};
  result.options.reserve(options.size());
  for (const AskedOption& asked : options) {
    result.options.push_back(greeks_of(smile_of(smiles, asked), asked, sticky, surface.options().spot));
    result.without_vol += !result.options.back().option.vol;
  }
  return result;
}

std::string prices_csv(const OptionPrices& prices) { return csv_of(columns_of(prices), prices.options.size()); }

std::string greeks_csv(const GreeksOfOptions& greeks) { return csv_of(columns_of(greeks), greeks.options.size()); }

std::string prices_json(const PricingBasis& basis, const OptionPrices& prices, const JsonMembers& more,
                        const std::function<JsonMembers(std::size_t option)>& of_option) {
  JsonMembers fields = basis_fields("strikenet.prices/1", basis);
  fields.emplace_back("local_vol_capped", std::to_string(prices.local_vols_capped));
  fields.emplace_back("without_local_vol", std::to_string(prices.without_local_vol));
  fields.emplace_back("without_vol", std::to_string(prices.without_vol));
  fields.insert(fields.end(), more.begin(), more.end());
  const auto of_row = [&](std::size_t row) {
    std::string text;
    for (const auto& [name, value] : of_option(row))
      text.append(", \"").append(name).append("\": ").append(value);
    return text;
  };
  fields.emplace_back("options", json_of(columns_of(prices), prices.options.size(), "  ", of_row));
  return json_object(fields);
}

std::string prices_json(const PricingBasis& basis, const OptionPrices& prices) {
  return prices_json(basis, prices, {}, [](std::size_t) { return JsonMembers(); });
}

std::string greeks_json(const PricingBasis& basis, const GreeksOfOptions& greeks) {
  JsonMembers fields = basis_fields("strikenet.greeks/1", basis);
  fields.emplace_back("sticky", json_text(word(greeks.sticky)));
  fields.emplace_back("without_vol", std::to_string(greeks.without_vol));
  fields.emplace_back("options", json_of(columns_of(greeks), greeks.options.size(), "  "));
  return json_object(fields);
}

std::string prices_table(const OptionPrices& prices) {
  return text_table_of(columns_of(prices), prices.options.size());
}

std::string greeks_table(const GreeksOfOptions& greeks) {
  return text_table_of(columns_of(greeks), greeks.options.size());
}

}  // namespace strikenet
