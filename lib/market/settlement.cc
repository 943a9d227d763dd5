#include "strikenet/market/settlement.h"

#include <algorithm>
#include <iterator>

namespace strikenet {
namespace {

constexpr int at(int hour, int minute) { return 60 * hour + minute; }

constexpr std::string_view kNewYork = "America/New_York", kBerlin = "Europe/Berlin", kKolkata = "Asia/Kolkata";

constexpr Settlement kUnknown{"", "", "PM", at(16, 0), kNewYork};

constexpr Settlement kTable[] = {
    {"SPX", "Cboe", "AM", at(9, 30), kNewYork},       {"SPXW", "Cboe", "PM", at(16, 0), kNewYork},
    {"XSP", "Cboe", "PM", at(16, 0), kNewYork},       {"RUT", "Cboe", "AM", at(9, 30), kNewYork},
    {"RUTW", "Cboe", "PM", at(16, 0), kNewYork},      {"DJX", "Cboe", "AM", at(9, 30), kNewYork},
    {"OEX", "Cboe", "PM", at(16, 0), kNewYork},       {"XEO", "Cboe", "PM", at(16, 0), kNewYork},
    {"VIX", "Cboe", "AM", at(9, 30), kNewYork},       {"VIXW", "Cboe", "AM", at(9, 30), kNewYork},
    {"NDX", "Nasdaq", "AM", at(9, 30), kNewYork},     {"NDXP", "Nasdaq", "PM", at(16, 0), kNewYork},
    {"SPY", "US options", "PM", at(16, 0), kNewYork}, {"QQQ", "US options", "PM", at(16, 0), kNewYork},
    {"IWM", "US options", "PM", at(16, 0), kNewYork}, {"DIA", "US options", "PM", at(16, 0), kNewYork},
    {"ODAX", "Eurex", "PM", at(13, 0), kBerlin},      {"DAX", "Eurex", "PM", at(13, 0), kBerlin},
    {"OESX", "Eurex", "PM", at(12, 0), kBerlin},      {"SX5E", "Eurex", "PM", at(12, 0), kBerlin},
    {"BTC", "Deribit", "AM", at(8, 0), "UTC"},        {"ETH", "Deribit", "AM", at(8, 0), "UTC"},
    {"NIFTY", "NSE", "PM", at(15, 30), kKolkata},     {"BANKNIFTY", "NSE", "PM", at(15, 30), kKolkata},
};

}  // namespace

std::span<const Settlement> settlement_table() { return kTable; }

Settlement settlement_of(std::string_view root) {
  const auto* found = std::ranges::find(kTable, root, &Settlement::root);
  return found != std::end(kTable) ? *found : kUnknown;
}

Instant settlement_instant(std::string_view root, Date date) {
  const Settlement settlement = settlement_of(root);
  return local_instant(date, settlement.minutes, settlement.zone);
}

}  // namespace strikenet
