// calibration_table of strikenet/report/calibration.h.
#include <gtest/gtest.h>

#include "report/small_calibration.h"

namespace strikenet {
namespace {

using testing_support::SmallCalibration;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(CalibrationTable, HasALinePerExpiryThenTheTotalsAndTheCertificateInWords) {
  EXPECT_EQ(calibration_table(SmallCalibration().calibration()),
            R"(expiry               days      forward   discount  quotes       inside    rms bp    max bp  certificate
2026-03-31 A,"B"    91.25     100.0000   0.500000       4          1/2     10.00     10.00  proved
2026-06-30         182.50     101.5000   0.750000       1          1/1     12.50     12.50  proved*
all                                                     6          2/3     11.25     12.50  slices-arbitrage-free

3 of 6 quotes used, 1 no-ask, 1 crossed, 1 expired
left out   strikenet check looks at these of them, since one can trade there: 1 no-ask, 1 crossed
outside    1 of 3 quotes, by 0.5 half spreads in total
parity     2026-06-30: no forward satisfies all strikes; the chosen one misses 2 of 4 by at most 0.125
fit        2026-06-30: stalled: said so
strikes    every expiry proved free of arbitrage in strike: 9 inequalities in rational arithmetic, largest move 1.1e-16
calendar   reported, not enforced: 1 gaps negative, the largest by 2.50e-01 forwards (* in the table)
assuming   one underlying; European exercise
QuantLib   3 prices against its Black formula at the model's vols: largest difference 8.9e-16 forwards
)");
}

TEST(CalibrationTable, SaysWhereRootsThatSettleAtOneInstantDiffer) {
  SmallCalibration small;
  const ExpiryKey first{"2026-03-31", "A,\"B\""}, second{"2026-06-30"};
  small.certificate.violations = {{Violation::Kind::same_instant, second, 1.5, 0.25, first}};
  std::string table = calibration_table(small.calibration());
  EXPECT_TRUE(holds(table, "     12.50     12.50  proved*\n")) << table;
  EXPECT_TRUE(holds(table,
                    "\ncalendar   reported, not enforced: 1 between roots at one instant not 0, the largest by "
                    "2.50e-01 forwards (* in the table)\n"))
      << table;
  small.certificate.violations = {{Violation::Kind::discount, second, 0.5, 0.25, first}};
  table = calibration_table(small.calibration());
  EXPECT_TRUE(holds(table, "     12.50     12.50  proved*\n")) << table;
  EXPECT_TRUE(holds(table,
                    "\ncalendar   reported, not enforced: 1 discount factors differ at one instant (* in the "
                    "table)\n"))
      << table;
}

TEST(CalibrationTable, SaysWhatIsNotProved) {
  for (const Violation::Kind kind : {Violation::Kind::weight, Violation::Kind::moments}) {
    SmallCalibration small;
    small.certificate.slices_proved = false;
    small.certificate.violations.push_back({kind, {"2026-06-30"}, 0.5, 0.125});
    const std::string table = calibration_table(small.calibration());
    EXPECT_TRUE(holds(table, "     10.00     10.00  proved\n")) << table;
    EXPECT_TRUE(holds(table, "     12.50     12.50  NOT PROVED\n")) << table;
    EXPECT_TRUE(holds(table, "     11.25     12.50  not-proved\n")) << table;
    EXPECT_TRUE(holds(table, "\nstrikes    NOT PROVED: see the violations in summary.json: 9 inequalities in rational"))
        << table;
    EXPECT_TRUE(holds(table, ": 1 gaps negative")) << "only those of the calendar: " << table;
  }
}

TEST(CalibrationTable, SaysWhatIsKnownOfTheCalendar) {
  SmallCalibration small;
  small.certificate.violations.clear();
  small.certificate.calendar = CalendarStatus::proved;
  const std::string proved = calibration_table(small.calibration());
  EXPECT_TRUE(holds(proved, "\ncalendar   proved: no expiry is cheaper than an earlier one at any strike\n")) << proved;
  EXPECT_TRUE(holds(proved, "     11.25     12.50  arbitrage-free\n")) << proved;
  EXPECT_FALSE(holds(proved, "*"));
  small.certificate.calendar = CalendarStatus::not_applicable;
  EXPECT_TRUE(holds(calibration_table(small.calibration()), "\ncalendar   not applicable\n"));
}

TEST(CalibrationTable, LeavesOutWhatThereIsNoneOf) {
  SmallCalibration small;
  for (SliceComparison* slice : {&small.comparison.slices[0], &small.comparison.slices[1], &small.comparison.total})
    slice->with_spread = slice->inside = slice->vol_errors = 0;
  small.chain.quotes.resize(2);
  small.comparison.total.used = 2;
  small.chain.slices[1].parity.violation = 0;
  small.comparison.total.outside = 0;
  small.fit.fits[1].termination = Termination::optimal;
  small.formula.compared = 0;
  const std::string table = calibration_table(small.calibration());
  EXPECT_TRUE(holds(table, "0.500000       4            -         -         -  proved\n")) << table;
  EXPECT_TRUE(holds(table, "\n2 of 2 quotes used\nstrikes ")) << table;
  EXPECT_FALSE(holds(table, "QuantLib"));
}

}  // namespace
}  // namespace strikenet
