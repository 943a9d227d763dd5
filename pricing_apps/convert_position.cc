#include "convert_position.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "exit_status.h"
#include "number_list.h"
#include "output_files.h"
#include "strikenet/io/position_file.h"
#include "strikenet/onnx/onnx_network.h"
#include "strikenet/portfolio/network_portfolio.h"
#include "strikenet/report/position_report.h"

namespace strikenet::app {
namespace {

/// FROM:LOW:HIGH
std::optional<CertifiedBand> band_of(const std::string& text) {
  std::vector<double> numbers;
  for (const std::string& part : parts_of(text, ':'))
    numbers.push_back(number_of(part));
  if (numbers.size() != 3 || !(numbers[0] >= 0 && numbers[0] <= 1e12 && numbers[1] <= numbers[2])) return std::nullopt;
  return CertifiedBand{numbers[0], numbers[1], numbers[2], 0};
}

Problems wrong_words(const ConvertCommand& command) {
  Problems problems = problems_of(command.words);
  const auto reject = [&](std::string_view option, std::string_view value, std::string_view rule) {
    problems.lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
  };
  if (const auto forms = {"table", "csv", "json", "network", "onnx"};
      std::ranges::find(forms, command.to) == forms.end())
    reject("--to", command.to, "table, csv, json, network or onnx for a payoff, a network or a portfolio");
  if (command.to == "onnx" && command.out.empty())
    problems.lines.push_back("--to is 'onnx', but must be another word without --out: it is no text");
  if (command.inputs.size() > 1) problems.lines.push_back("a payoff, a network or a portfolio must be the only input");
  if (!command.format.empty())
    problems.lines.push_back("--format has no meaning for a payoff, a network or a portfolio");
  if (command.forward && !(*command.forward > 0 && *command.forward <= 1e12))
    reject("--forward", fmt::format("{}", *command.forward), "above 0 and at most 1e12");
  if (!command.band.empty() && !band_of(command.band))
    reject("--band", command.band, "SPOT:LOW:HIGH with SPOT at least 0 and LOW at most HIGH");
  return problems;
}

/// Calls, or with --forward what is out of the money.
OptionPortfolio portfolio_of(const PiecewiseLinear& f, const ConvertCommand& command) {
  const CallPortfolio calls = to_calls(f);
  if (command.forward) return out_of_the_money(calls, Forward(*command.forward));
  std::vector<OptionLeg> legs;
  for (const auto& [strike, units] : calls.legs())
    legs.push_back({OptionType::call, strike, units});
  return {calls.cash(), calls.shares(), std::move(legs)};
}

Result<std::string> text_of(const Replica& replica, const ConvertCommand& command) try {
  const PiecewiseLinear& f = replica.f;
  if (command.to == "network" || command.to == "onnx") {
    const DeepNetwork network = replica.network ? *replica.network : deep_network(to_network(to_calls(f)));
    return command.to == "onnx" ? write_onnx(network) : network_json(network);
  }
  PositionReport report{portfolio_of(f, command), f, replica.error,
                        replica.curve && !replica.curve->not_proved.empty()};
  if (command.to == "csv") return portfolio_csv(report.portfolio);
  if (!command.band.empty()) {
    report.band = band_of(command.band);
    report.band->radius = certified_radius(f, report.band->from, report.band->low, report.band->high);
  }
  return command.to == "json" ? position_json(report) : position_table(report);
} catch (const PreconditionError& problem) {
  return Problems{{fmt::format("{}: {}", command.inputs[0], problem.what())}};
}

}  // namespace

int run_convert_position(const ConvertCommand& command, const Result<WrittenPayoff>& payoff, std::ostream& out,
                         std::ostream& err) {
  if (const Problems problems = wrong_words(command); !problems.lines.empty())
    return report(problems, err, wrong_usage);
  if (!payoff) return report(payoff.problems(), err, bad_input);
  const auto replica = replica_of(payoff.value(), command.words);
  if (!replica) return report(replica.problems(), err, bad_input);
  auto text = text_of(replica.value(), command);
  if (!text) return report(text.problems(), err, bad_input);
  if (command.out.empty()) {
    out << text.value();
  } else {
    const auto written = write_output(command.out, std::move(text).value());
    if (!written) return report(written.problems(), err, bad_input);
  }
  err << replica.value().note;
  return done;
}

}  // namespace strikenet::app
