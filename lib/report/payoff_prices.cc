#include "strikenet/report/payoff_prices.h"

#include <cmath>
#include <utility>

#include "report/columns.h"
#include "report/price_json.h"
#include "strikenet/payoff/option_portfolio.h"

namespace strikenet {
namespace {

Greeks times(double units, const Greeks& of_one) {
  return {.price = units * of_one.price,
          .delta = units * of_one.delta,
          .gamma = units * of_one.gamma,
          .vega = units * of_one.vega,
          .theta = units * of_one.theta};
}

/// Those that add up.
void add(const Greeks& leg, Greeks& sum) {
  sum.price += leg.price;
  sum.delta += leg.delta;
  sum.gamma += leg.gamma;
  sum.vega += leg.vega;
  sum.theta += leg.theta;
}

PayoffLeg option_leg(std::size_t expiry, const SurfaceSmile& smile, const OptionLeg& leg, Sticky sticky) {
  const auto& [type, strike, units] = leg;
  const bool is_call = type == OptionType::call;
  const Greeks greeks = smile.greeks(type, strike, sticky);
  const double vol = smile.vol(strike).value();
  return {expiry,
          is_call ? "C" : "P",
          strike.value(),
          units,
          greeks.price,
          units * greeks.price,
          is_call ? smile.above(strike) : smile.below(strike),
          std::isnan(vol) ? std::nullopt : std::optional(vol),
          times(units, greeks)};
}

/// Cash or shares: `price` and `delta` of one.
PayoffLeg plain_leg(std::size_t expiry, std::string_view type, double units, double price, double delta) {
  return {expiry, type, {}, units, price, units * price, {}, {}, {.price = units * price, .delta = units * delta}};
}

void add_expiry(std::size_t expiry, const SurfaceSmile& smile, const CallPortfolio& calls, PayoffPrices& prices) {
  const OptionPortfolio options = out_of_the_money(calls, smile.forward());
  const double discount = smile.discount().value();
  const std::size_t first = prices.legs.size();
  if (options.cash() != 0) prices.legs.push_back(plain_leg(expiry, "cash", options.cash(), discount, 0));
  if (options.shares() != 0)
    prices.legs.push_back(plain_leg(expiry, "shares", options.shares(), discount * smile.forward().value(), discount));
  for (const OptionLeg& leg : options.legs())
    prices.legs.push_back(option_leg(expiry, smile, leg, prices.sticky));
  Greeks sum;
  for (std::size_t i = first; i < prices.legs.size(); ++i)
    add(prices.legs[i].greeks, sum);
  prices.legs.push_back({expiry, "payoff", {}, 1, sum.price, sum.price, {}, {}, sum});
}

constexpr int kDigitsOfMoney = 8, kNotOnATerminal = 0;

std::vector<Column> columns_of(const PayoffPrices& prices, bool greeks) {
  const auto& legs = prices.legs;
  const auto expiry = [&](std::size_t i) -> const PricedExpiry& { return prices.expiries[legs[i].expiry]; };
  std::vector<Column> columns = {
      {"expiry", [=](std::size_t i) { return Cell(expiry(i).key.expiry); }},
      {"root", [=](std::size_t i) { return Cell(expiry(i).key.root); }},
      {"t", [=](std::size_t i) { return number_cell(expiry(i).t.value()); }, kNotOnATerminal},
      {"forward", [=](std::size_t i) { return number_cell(expiry(i).forward.value()); }, kDigitsOfMoney},
      {"discount", [=](std::size_t i) { return number_cell(expiry(i).discount.value()); }, kNotOnATerminal},
      {"type", [&](std::size_t i) { return Cell(std::string(legs[i].type)); }},
      {"strike", [&](std::size_t i) { return number_cell(legs[i].strike); }, kDigitsOfMoney},
      {"units", [&](std::size_t i) { return number_cell(legs[i].units); }},
      {"price", [&](std::size_t i) { return number_cell(legs[i].price); }},
      {"value", [&](std::size_t i) { return number_cell(legs[i].value); }},
      {"probability", [&](std::size_t i) { return number_cell(legs[i].probability); }},
      {"vol", [&](std::size_t i) { return number_cell(legs[i].vol); }}};
  if (!greeks) return columns;
  for (const auto& [name, greek] : {std::pair("delta", &Greeks::delta), std::pair("gamma", &Greeks::gamma),
                                    std::pair("vega", &Greeks::vega), std::pair("theta", &Greeks::theta)})
    columns.push_back({name, [&legs, greek = greek](std::size_t i) { return number_cell(legs[i].greeks.*greek); }});
  return columns;
}

}  // namespace

PayoffPrices price_payoff(const CallSurface& surface, std::span<const AskedExpiry> expiries, const CallPortfolio& calls,
                          Sticky sticky) {
  PayoffPrices prices{{}, {}, sticky};
  for (const AskedExpiry& expiry : expiries) {
    const SurfaceSmile smile = smile_of(surface, expiry);
    prices.expiries.push_back({expiry.key, expiry.t, smile.forward(), smile.discount()});
    add_expiry(prices.expiries.size() - 1, smile, calls, prices);
  }
  return prices;
}

std::vector<double> payoff_values(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                                  const CallPortfolio& calls) {
  std::vector<double> values;
  for (const AskedExpiry& expiry : expiries) {
    const SurfaceSmile smile = smile_of(surface, expiry);
    const OptionPortfolio options = out_of_the_money(calls, smile.forward());
    double sum = smile.discount().value() * (options.cash() + options.shares() * smile.forward().value());
    for (const auto& [type, strike, units] : options.legs())
      sum += units * smile.price(type, strike);
    values.push_back(sum);
  }
  return values;
}

std::string payoff_csv(const PayoffPrices& prices, bool greeks) {
  return csv_of(columns_of(prices, greeks), prices.legs.size());
}

std::string payoff_table(const PayoffPrices& prices, bool greeks) {
  return text_table_of(columns_of(prices, greeks), prices.legs.size());
}

std::string payoff_json(const PricingBasis& basis, const AskedPayoff& payoff, const PayoffPrices& prices, bool greeks) {
  JsonMembers fields = basis_fields("strikenet.payoff-prices/1", basis);
  fields.emplace_back("payoff", json_text(payoff.text));
  fields.emplace_back("error", json_number(payoff.error));
  std::string bounds;
  for (const auto& [low, high] : payoff.bounds)
    bounds.append(bounds.empty() ? "[" : ", ").append("[" + json_number(low) + ", " + json_number(high) + "]");
  fields.emplace_back("bounds", bounds.empty() ? "null" : bounds + "]");
  if (greeks) fields.emplace_back("sticky", json_text(prices.sticky == Sticky::strike ? "strike" : "moneyness"));
  fields.emplace_back("legs", json_of(columns_of(prices, greeks), prices.legs.size(), "  "));
  return json_object(fields);
}

}  // namespace strikenet
