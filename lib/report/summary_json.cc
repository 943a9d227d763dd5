#include <nlohmann/json.hpp>

#include "strikenet/market/carry.h"
#include "strikenet/report/calibration.h"

namespace strikenet {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kBasisPoints = 1e4;

Json quotes_of(const Calibration& calibration) {
  Json dropped = Json::object();
  for (const auto& [reason, count] : dropped_by_reason(calibration.chain))
    dropped[std::string(to_string(reason))] = count;
  Json rules = Json::array();
  for (const RuleSetting& rule : calibration.chain.rules)
    rules.push_back(to_string(rule));
  return {{"read", calibration.chain.quotes.size()},
          {"used", calibration.comparison.total.used},
          {"dropped", dropped},
          {"rules", rules}};
}

Json share(int part, int whole) { return whole > 0 ? Json(static_cast<double>(part) / whole) : Json(nullptr); }

Json inside_of(const SliceComparison& total) {
  return {{"count", total.inside},
          {"of", total.with_spread},
          {"share", share(total.inside, total.with_spread)},
          {"violation", total.outside}};
}

Json vol_error_of(const Calibration& calibration) {
  const SliceComparison& total = calibration.comparison.total;
  Json result = {{"rms", nullptr}, {"max", nullptr}, {"worst", nullptr}};
  if (!total.worst) return result;
  const Quote& worst = calibration.chain.quotes[*total.worst];
  result["rms"] = kBasisPoints * total.vol_error_rms;
  result["max"] = kBasisPoints * total.vol_error_max;
  result["worst"] = {{"expiry", worst.key.expiry},
                     {"root", worst.key.root},
                     {"strike", worst.strike},
                     {"type", std::string(1, letter(worst.type))}};
  return result;
}

Json certificate_of(const Certificate& certificate) {
  Json violations = Json::array(), assumptions = Json::array();
  for (const Violation& violation : certificate.violations) {
    violations.push_back({{"kind", std::string(to_string(violation.kind))},
                          {"expiry", violation.key.expiry},
                          {"root", violation.key.root},
                          {"node", violation.node},
                          {"by", violation.by}});
    if (violation.other != ExpiryKey{})
      violations.back()["other"] = {{"expiry", violation.other.expiry}, {"root", violation.other.root}};
  }
  for (const Assumption assumption : certificate.assumptions)
    assumptions.push_back(to_string(assumption));
  return {{"status", std::string(status(certificate))},
          {"arithmetic", "rational"},
          {"slices", certificate.slices_proved ? "proved" : "not-proved"},
          {"calendar", std::string(to_string(certificate.calendar))},
          {"inequalities", certificate.inequalities},
          {"largest_move", certificate.largest_move},
          {"worst_calendar_gap", certificate.worst_calendar_gap},
          {"assumptions", assumptions},
          {"violations", violations}};
}

/// 1 forward and more says nothing.
Json optimality_of(double optimality) { return optimality < 1 ? Json(optimality) : Json(nullptr); }

Json number_or_null(std::optional<double> number) { return number ? Json(*number) : Json(nullptr); }

Json slice_of(const ChainSlice& slice, const Carry& carry, const SliceComparison& comparison, const FitResult& fit) {
  const bool has_errors = comparison.vol_errors > 0;
  const ParityBand& band = slice.parity;
  return {{"expiry", slice.key.expiry},
          {"root", slice.key.root},
          {"t", slice.t.value()},
          {"forward", slice.forward.value()},
          {"forward_given", slice.forward_given},
          {"forward_band", band.has_forward() ? Json({band.forward_low, band.forward_high}) : Json(nullptr)},
          {"discount", slice.discount.value()},
          {"rate", carry.rate},
          {"carry", number_or_null(carry.carry)},
          {"yield", number_or_null(carry.yield)},
          {"quotes", comparison.quotes},
          {"used", comparison.used},
          {"inside", comparison.with_spread > 0 ? Json(comparison.inside) : Json(nullptr)},
          {"violation", comparison.with_spread > 0 ? Json(comparison.outside) : Json(nullptr)},
          {"vol_error_bp_rms", has_errors ? Json(kBasisPoints * comparison.vol_error_rms) : Json(nullptr)},
          {"vol_error_bp_max", has_errors ? Json(kBasisPoints * comparison.vol_error_max) : Json(nullptr)},
          {"density_maxima", comparison.density_maxima ? Json(*comparison.density_maxima) : Json(nullptr)},
          {"parity",
           {{"pairs", band.pairs},
            {"forward_low", band.forward_low},
            {"forward_high", band.forward_high},
            {"violation", band.violation},
            {"violated", band.violated}}},
          {"termination", std::string(to_string(fit.termination))},
          {"optimality", optimality_of(fit.optimality)},
          {"iterations", fit.iterations},
          {"moved_units", fit.moved_units}};
}

/// The worst of all slices.
Json optimality_of(const SlicesFit& fit) {
  double worst = 0;
  for (const FitResult& slice : fit.fits)
    worst = std::max(worst, slice.optimality);
  return optimality_of(worst);
}

}  // namespace

std::string summary_json(const Calibration& calibration) {
  const auto& [chain, options, fit, certificate, comparison, formula, seconds, run] = calibration;
  Json json = {{"schema", "strikenet.summary/2"},
               {"run", run.empty() ? Json(nullptr) : Json(run)},
               {"as_of", chain.as_of ? Json(to_string(*chain.as_of)) : Json(nullptr)},
               {"underlying", chain.underlying},
               {"format", chain.format},
               {"quotes", quotes_of(calibration)},
               {"inside", chain.has_spread ? inside_of(comparison.total) : Json(nullptr)},
               {"vol_error_bp", vol_error_of(calibration)},
               {"certificate", certificate_of(certificate)},
               {"optimality", optimality_of(fit)},
               {"quantlib", {{"largest_difference", formula.largest_difference}, {"compared", formula.compared}}},
               {"engine", std::string(to_string(options.engine))},
               {"activation", std::string(to_string(options.activation))},
               {"loss", options.loss ? Json(std::string(to_string(*options.loss))) : Json("automatic")}};
  std::size_t units = 0;
  const std::vector<Carry> carries = implied_carry(chain);
  Json expiries = Json::array();
  for (std::size_t i = 0; i < chain.slices.size(); ++i) {
    units = std::max(units, fit.surface.slices[i].curve.weights().size());
    expiries.push_back(slice_of(chain.slices[i], carries[i], comparison.slices[i], fit.fits[i]));
  }
  json["units"] = units;
  json["expiries"] = expiries;
  json["seconds"] = {{"read", seconds.read},
                     {"prepare", seconds.prepare},
                     {"fit", seconds.fit},
                     {"certify", seconds.certify},
                     {"total", seconds.total}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";  // names may hold any bytes
}

}  // namespace strikenet
