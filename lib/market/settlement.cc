#include "strikenet/market/settlement.h"

#include <algorithm>
#include <iterator>

namespace strikenet {
namespace {

constexpr int at(int hour, int minute) { return 60 * hour + minute; }

constexpr std::string_view kNewYork = "America/New_York", kBerlin = "Europe/Berlin", kKolkata = "Asia/Kolkata";

constexpr std::string_view kEuropean = "european", kAmerican = "american";

constexpr Settlement kUnknown{"", "", "PM", at(16, 0), kNewYork, ""};

constexpr Settlement kTable[] = {
    {"SPX", "Cboe", "AM", at(9, 30), kNewYork, kEuropean},
    {"SPXW", "Cboe", "PM", at(16, 0), kNewYork, kEuropean},
    {"XSP", "Cboe", "PM", at(16, 0), kNewYork, kEuropean},
    {"RUT", "Cboe", "AM", at(9, 30), kNewYork, kEuropean},
    {"RUTW", "Cboe", "PM", at(16, 0), kNewYork, kEuropean},
    {"DJX", "Cboe", "AM", at(9, 30), kNewYork, kEuropean},
    {"OEX", "Cboe", "PM", at(16, 0), kNewYork, kAmerican},
    {"XEO", "Cboe", "PM", at(16, 0), kNewYork, kEuropean},
    {"VIX", "Cboe", "AM", at(9, 30), kNewYork, kEuropean},
    {"VIXW", "Cboe", "AM", at(9, 30), kNewYork, kEuropean},
    {"NDX", "Nasdaq", "AM", at(9, 30), kNewYork, kEuropean},
    {"NDXP", "Nasdaq", "PM", at(16, 0), kNewYork, kEuropean},
    {"SPY", "US options", "PM", at(16, 0), kNewYork, kAmerican},
    {"QQQ", "US options", "PM", at(16, 0), kNewYork, kAmerican},
    {"IWM", "US options", "PM", at(16, 0), kNewYork, kAmerican},
    {"DIA", "US options", "PM", at(16, 0), kNewYork, kAmerican},
    {"ODAX", "Eurex", "PM", at(13, 0), kBerlin, kEuropean},
    {"DAX", "Eurex", "PM", at(13, 0), kBerlin, kEuropean},
    {"OESX", "Eurex", "PM", at(12, 0), kBerlin, kEuropean},
    {"SX5E", "Eurex", "PM", at(12, 0), kBerlin, kEuropean},
    {"BTC", "Deribit", "AM", at(8, 0), "UTC", kEuropean},
    {"ETH", "Deribit", "AM", at(8, 0), "UTC", kEuropean},
    {"NIFTY", "NSE", "PM", at(15, 30), kKolkata, kEuropean},
    {"BANKNIFTY", "NSE", "PM", at(15, 30), kKolkata, kEuropean},
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
