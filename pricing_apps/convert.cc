#include "convert.h"

#include <sstream>
#include <utility>

#include "convert_position.h"
#include "exit_status.h"
#include "fit_settings.h"
#include "output_files.h"
#include "printable_output.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/io/write_chain.h"

namespace strikenet::app {
namespace {

Problems wrong_words(const ConvertCommand& command) {
  Problems problems;
  if (command.to != "csv") problems.lines.push_back("--to is '" + command.to + "', but must be csv");
  for (std::string& problem : problems_of_format(command.format).lines)
    problems.lines.push_back(std::move(problem));
  if (!command.words.empty() || command.forward || !command.band.empty())
    problems.lines.push_back(
        "--range, --pieces, --error, --side, --width, --forward and --band have no meaning for a chain");
  return problems;
}

/// Whole or not at all.
Problems write_to(const std::string& path, const RawChain& chain) {
  std::ostringstream text;
  write_generic_csv(chain, text);
  const auto written = write_output(path, std::move(text).str());
  return written ? Problems{} : written.problems();
}

}  // namespace

int run_convert(const ConvertCommand& command, std::ostream& out, std::ostream& err) {
  const std::string& first = command.inputs.front();
  if (const Problems twice = read_twice(command.inputs); !twice.lines.empty()) return report(twice, err, wrong_usage);
  if (is_in_words(first)) return run_convert_position(command, read_payoff(first, "payoff"), out, err);
  const auto inputs = read_inputs(command.inputs);
  if (inputs && is_position(inputs.value().front()))
    return run_convert_position(command, payoff_of(inputs.value().front()), out, err);
  if (const Problems problems = wrong_words(command); !problems.lines.empty() && !first.ends_with(".onnx"))
    return report(problems, err, wrong_usage);
  if (!inputs) return report(inputs.problems(), err, bad_input);
  const auto chain = read_chain_pages(inputs.value(), command.format);
  if (!chain) return report(chain.problems(), err, bad_input);
  if (command.out.empty()) {
    const DataOutput data(out);
    write_generic_csv(chain.value(), out);
    return done;
  }
  const Problems problems = write_to(command.out, chain.value());
  return problems.lines.empty() ? done : report(problems, err, bad_input);
}

}  // namespace strikenet::app
