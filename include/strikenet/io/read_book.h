#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/core/result.h"

namespace strikenet {

/// One line of a book of options, as its file states it.
struct BookOption {
  long line = 0;                        ///< in its file; the header is line 1
  ExpiryKey key = {};                   ///< the root is empty when the line names none
  std::optional<YearFraction> t = {};   ///< when the line gives a year fraction instead of a date
  Strike strike{0};                     ///< at least 0
  std::optional<OptionType> type = {};  ///< empty when the line names none
};

/// Options of which prices are wanted, as CSV. The header names the columns; type and root may be left out, as columns
/// or in a row:
///
///     expiry,strike,type,root
///     2019-06-28,2900,C,SPXW
///     T=0.5,2800,put,
///
/// expiry: a date, or a year fraction as "T=0.5" or "0.5". Columns that have no meaning here are skipped, so that what
/// `strikenet price` prints can be read again. A line that is there twice counts twice. Layout and numbers as in
/// read_chain; every problem in one run. `name` is only used in messages.
STRIKENET_EXPORT Result<std::vector<BookOption>> read_book(std::istream& csv, std::string_view name);

/// The same for a file by its path; a missing, empty or unreadable one is a problem too.
STRIKENET_EXPORT Result<std::vector<BookOption>> read_book_file(const std::string& path);

}  // namespace strikenet
