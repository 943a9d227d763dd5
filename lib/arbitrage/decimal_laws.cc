#include "arbitrage/decimal_laws.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/rational.h"

namespace strikenet {
namespace {

constexpr int kKept = 15;           // decimal digits that every double keeps
constexpr int kMostDigits = 8;      // of forwards and discount factors
constexpr int kFewestDigits = 3;    // likewise
constexpr double kNothing = 1e-14;  // in units: less is the rounding of a solution

struct OfStrike {
  const Quote *call = nullptr, *put = nullptr;  // the first of each
  std::vector<const Quote*> quotes;
};

/// The place of the last digit before the point, 1 of 5, 3 of 432 and 0 of 0.5.
int before_point(double value) { return static_cast<int>(std::floor(std::log10(value))) + 1; }

/// Digits after the point of the shortest decimal; below 0 where it ends in zeros.
int after_point(double value) {
  const Rational exact = decimal(value);
  if (exact == 0) return 0;
  const Rational ten(10);
  int places = 0;
  for (Rational scaled = exact; denominator(scaled) != 1; scaled *= ten)
    ++places;
  for (Rational scaled = exact; places <= 0 && denominator(Rational(scaled / ten)) == 1; scaled /= ten)
    --places;
  return places;
}

/// The nearest decimal of so many digits after the point.
Rational to_places(const Rational& value, int places) {
  using boost::multiprecision::cpp_int;
  const cpp_int ten = 10;
  const Rational scale = places >= 0 ? Rational(pow(ten, static_cast<unsigned>(places)))
                                     : Rational(cpp_int(1), pow(ten, static_cast<unsigned>(-places)));
  const Rational scaled = value * scale + Rational(1, 2);
  const cpp_int over = numerator(scaled) % denominator(scaled);
  return Rational(cpp_int((numerator(scaled) - (over < 0 ? cpp_int(over + denominator(scaled)) : over)) /
                          denominator(scaled))) /
         scale;
}

std::map<double, OfStrike> of_strikes(const LawProgram& program, std::size_t expiry) {
  std::map<double, OfStrike> strikes;
  const std::vector<QuoteSide>& sides = program.expiries()[expiry].sides;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    OfStrike& at = strikes[sides[i].quote->strike];
    const bool call = sides[i].quote->type == OptionType::call;
    const Quote*& first = call ? at.call : at.put;
    if (first == nullptr) first = sides[i].quote;
    if (at.quotes.empty() || at.quotes.back() != sides[i].quote) at.quotes.push_back(sides[i].quote);
  }
  return strikes;
}

/// Digits after the point that leave kKept in all for the largest price of a solution.
int places_of_prices(const LawProgram& program, const LinearSolution& solution, std::size_t expiry) {
  double largest = 0;
  const std::size_t instant = program.instant_of(expiry);
  const std::vector<LawNode>& nodes = program.nodes(instant);
  for (std::size_t j = 1; j < nodes.size(); ++j) {
    const double call = program.call(solution, instant, j);
    const double put = call - program.worth(solution) + program.money(solution) * nodes[j].k;
    largest = std::max({largest, call, put});
  }
  return kKept - before_point(largest * program.expiries()[expiry].price_unit());
}

/// Digits after the point of the strikes with a call and a put.
int places_of_pairs(const LawProgram& program, std::size_t expiry) {
  int places = 0;
  for (const auto& [strike, at] : of_strikes(program, expiry))
    if (at.call != nullptr && at.put != nullptr) places = std::max(places, after_point(strike));
  return places;
}

/// Whether a double that is written as a decimal is this number.
bool is_kept(const Rational& price) { return decimal(static_cast<double>(price)) == price; }

}  // namespace

bool has_pair(const std::vector<QuoteSide>& sides) {
  std::map<double, std::pair<bool, bool>> types;
  return std::ranges::any_of(sides, [&](const QuoteSide& side) {
    auto& [call, put] = types[side.quote->strike];
    (side.quote->type == OptionType::call ? call : put) = true;
    return call && put;
  });
}

std::vector<LawExpiry> with_decimal_levels(const LawProgram& program, const LinearSolution& solution) {
  std::vector<LawExpiry> result = program.expiries();
  for (std::size_t first = 0, count = 0; first < result.size(); first += count) {
    count = at_one_instant(result, first);
    const double discount = result[first].discount * program.money(solution);
    int of_discount = kMostDigits;  // one of all roots
    for (std::size_t i = first; i < first + count; ++i)
      of_discount = std::min(
          of_discount, places_of_prices(program, solution, i) - places_of_pairs(program, i) + before_point(discount));
    of_discount = std::max(of_discount, kFewestDigits);
    for (std::size_t i = first; i < first + count; ++i) {
      const double forward = result[i].forward * program.worth(solution) / program.money(solution);
      const int left = places_of_prices(program, solution, i) - (of_discount - before_point(discount));
      result[i].forward = to_digits(forward, std::clamp(left + before_point(forward), kFewestDigits, kMostDigits));
      result[i].discount = to_digits(discount, of_discount);
    }
  }
  return result;
}

std::vector<DecimalPrice> decimal_prices(const LawProgram& program, const LinearSolution& solution,
                                         std::size_t expiry) {
  const LawExpiry& of = program.expiries()[expiry];
  const Rational discount = decimal(of.discount), forward_price = discount * decimal(of.forward);
  const Rational worth(program.levels_assumed() ? 1 : program.worth(solution));  // fixed ones are solved for, too
  const Rational money(program.levels_assumed() ? 1 : program.money(solution));
  const int places = places_of_prices(program, solution, expiry);
  std::vector<DecimalPrice> prices;
  const std::size_t instant = program.instant_of(expiry);
  for (const auto& [strike, at] : of_strikes(program, expiry)) {
    const double c = program.call(solution, instant, program.node_at(instant, strike / of.forward));
    const Rational parity = worth * forward_price - money * discount * decimal(strike);
    const Rational exact = Rational(c) * forward_price, nothing = Rational(kNothing) * forward_price;
    std::vector<Rational> calls;
    if (at.call != nullptr) calls.push_back(decimal(at.call->bid));
    if (at.put != nullptr) calls.push_back(decimal(at.put->bid) + parity);
    std::erase_if(calls, [&](const Rational& call) { return abs(Rational(call - exact)) > nothing; });
    calls.push_back(at.call != nullptr ? to_places(exact, places)
                                       : Rational(to_places(exact - parity, places) + parity));
    const auto kept = std::ranges::find_if(calls, [&](const Rational& call) {
      return (at.call == nullptr || is_kept(call)) && (at.put == nullptr || is_kept(call - parity));
    });
    const Rational call = kept == calls.end() ? calls.back() : *kept, put = call - parity;
    for (const Quote* quote : at.quotes)
      prices.push_back({quote, static_cast<double>(quote->type == OptionType::call ? call : put)});
  }
  return prices;
}

}  // namespace strikenet
