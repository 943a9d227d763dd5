#pragma once

#include <optional>
#include <string>
#include <utility>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/replication/variance_swap.h"
#include "strikenet/replication/vix.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// What is printed of a variance swap of one expiry.
struct VarianceReport {
  const SurfaceSlice& law;                 ///< of the fit
  std::optional<VarianceSwap> strip = {};  ///< of quotes, or of listed strikes priced by the law
  StripWeights weights = StripWeights::chords;
  bool from_quotes = false;  ///< the fair variance is that of the strip; otherwise that of the law
  std::optional<std::pair<double, double>> corridor = {};
};

STRIKENET_EXPORT std::string variance_table(const VarianceReport& report);
/// docs/reference/variance-json.md, schema "strikenet.varswap/1".
STRIKENET_EXPORT std::string variance_json(const VarianceReport& report);

/// What the fitted law of an expiry says beside the strip that is looked at.
struct LawOfTerm {
  double variance;  ///< of the law, all strikes
  double outside;   ///< the part of it that strikes beyond those of the strip carry: what truncation leaves out
  double at_law;    ///< variance by the rules of the strip, if its options had the law's prices
};

/// Of a term and the law of its expiry.
STRIKENET_EXPORT LawOfTerm law_of_term(const VixTerm& term, const SurfaceSlice& law);

/// What is printed of a VIX.
struct VixReport {
  std::string near_name, next_name;
  const VixTerm &near, &next;
  std::optional<std::pair<LawOfTerm, LawOfTerm>> laws = {};  ///< near and next; not of a file of strips
};

STRIKENET_EXPORT std::string vix_table(const VixReport& report);
/// The same page, schema "strikenet.vix/1".
STRIKENET_EXPORT std::string vix_json(const VixReport& report);

}  // namespace strikenet
