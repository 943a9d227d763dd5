#pragma once

#include <span>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/instant.h"

namespace strikenet {

/// When the options of one root settle on their expiry date: the instant at which the price that they pay on is known,
/// which is where their time value ends. Taken from the exchanges' product specifications:
///
///     Cboe      SPX, RUT, DJX, VIX and VIXW settle on a special opening quotation: 09:30 New York. SPXW, XSP, RUTW,
///               OEX and XEO settle on the close: 16:00.
///     Nasdaq    NDX on its opening settlement value, NDXP on the close.
///     US ETFs   deliver shares; their value is decided at the close, 16:00.
///     Eurex     ODAX: intraday auction at 13:00 Berlin. OESX: average of the index from 11:50 to 12:00.
///     Deribit   08:00 UTC: average of the index over the half hour before.
///     NSE       close of the underlying index: 15:30 Kolkata.
///
/// Holidays and shortened sessions are not in the table: a date is taken to be a full trading day.
struct Settlement {
  std::string_view root;      ///< "SPXW"; empty in the entry for every root that the table does not name
  std::string_view exchange;  ///< "Cboe"
  std::string_view session;   ///< "AM" before noon on local clocks, else "PM"
  int minutes;                ///< after midnight on local clocks
  std::string_view zone;      ///< IANA name: "America/New_York"
  std::string_view style;     ///< of exercise: "european" or "american"; empty where the table does not know
};

/// The whole table, by exchange.
STRIKENET_EXPORT std::span<const Settlement> settlement_table();

/// The entry of `root`, spelled exactly; for a root that the table does not name, and for none, 16:00 New York.
STRIKENET_EXPORT Settlement settlement_of(std::string_view root);

/// The instant at which options of `root` that expire on `date` settle. Throws PreconditionError for an invalid date.
STRIKENET_EXPORT Instant settlement_instant(std::string_view root, Date date);

}  // namespace strikenet
