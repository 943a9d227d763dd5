#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/payoff/curve.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

/// What a payoff is: straight pieces, which are a book of options as they are, or a curve, which fewest_pieces() and
/// best_pieces() make one.
using Payoff = std::variant<PiecewiseLinear, Curve>;

/// A kind of payoff and how it is written.
struct PayoffForm {
  std::string_view name;       ///< "butterfly"
  std::string_view arguments;  ///< "LOW,MIDDLE,HIGH"
  std::string_view meaning;    ///< in a few words
};

/// All of them, in the order of docs/reference/payoffs.md.
STRIKENET_EXPORT std::span<const PayoffForm> payoff_forms();

/// Reads a payoff as it is written on the command line, NAME:ARGUMENTS, without blanks around numbers:
///
///     call:100                      butterfly:90,100,110
///     pwl:0=0,90=0,110=20           straight between these points and straight on beyond them
///     expr:max(S-100,0)^2           any function of the spot S
///
/// `where` begins every sentence, with the column, counted from 1, behind it:
///
///     payoff:6: strike is 'x', but must be a number above 0
///     payoff:6: expression has an unexpected token "*", but must be a function of S
///
/// Expressions are in the language of muParser: + - * / ^, comparisons, ?:, min, max, abs, sqrt, exp, ln, log10 and
/// their kind, S, pi and e; at most 100,000 characters, nested to 1,000. Whether it has a value at every spot shows
/// when it is used. The curve of one may be called from several threads, and has a formula.
STRIKENET_EXPORT Result<Payoff> parse_payoff(std::string_view text, std::string_view where = "payoff");

/// Whether the text begins with the name of a form and a colon: what else it may be is not a payoff.
STRIKENET_EXPORT bool looks_like_payoff(std::string_view text);

}  // namespace strikenet
