#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/result.h"

namespace strikenet {

/// Days without trading, as CSV. The column `date` holds them; others, such as the holiday's name, are skipped:
///
///     date,name
///     2019-07-04,Independence Day
///
/// Layout as in read_chain; every problem in one run. `name` is only used in messages.
STRIKENET_EXPORT Result<std::vector<Date>> read_holidays(std::istream& csv, std::string_view name);

/// The same for a file by its path; a missing, empty or unreadable one is a problem too.
STRIKENET_EXPORT Result<std::vector<Date>> read_holidays_file(const std::string& path);

}  // namespace strikenet
