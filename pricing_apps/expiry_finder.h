#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/quantity.h"
#include "strikenet/report/price_table.h"
#include "strikenet/surface/surface.h"

namespace strikenet::app {

/// An expiry as the user writes it.
struct WrittenExpiry {
  ExpiryKey key = {};                  // "2019-06-28" or "T=0.5"; the root when one is named with it
  std::optional<YearFraction> t = {};  // of "T=0.5"
};

/// "2019-06-28", "T=0.5" or "0.5"; empty for anything else, and for years outside [1e-9, 1000].
std::optional<WrittenExpiry> parse_expiry(std::string_view text);

/// What was found: at least one expiry, or the rule that the words break, as after "but must be ".
struct FoundExpiries {
  std::vector<AskedExpiry> expiries = {};
  std::string broken_rule = {};
};

/// Finds what expiries mean on a surface: those of the file by their date, of every root or of the one named; other
/// dates by the time from the as-of to the settlement of the root; and year fractions.
class ExpiryFinder {
 public:
  /// `root`: the only one that counts; empty for all.
  ExpiryFinder(const Surface& surface, std::string root) : surface_(surface), root_(std::move(root)) {}

  /// Empty, or the rule that `root` breaks.
  std::string broken_root_rule() const;

  std::vector<AskedExpiry> all() const;
  FoundExpiries find(const WrittenExpiry& written) const;

 private:
  std::vector<std::string> roots() const;
  FoundExpiries between(const WrittenExpiry& written, const std::string& root) const;

  const Surface& surface_;
  std::string root_;
};

}  // namespace strikenet::app
