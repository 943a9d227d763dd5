#include "inspect.h"

#include <ostream>
#include <utility>

#include "exit_status.h"
#include "fit_settings.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/inspection.h"
#include "strikenet/report/inspection_report.h"

namespace strikenet::app {

int run_inspect(const InspectCommand& command, std::ostream& out, std::ostream& err) {
  const FitWords words{.as_of = command.as_of,
                       .root = command.root,
                       .format = command.format,
                       .forward_file = command.forward_file,
                       .hygiene = "lenient"};
  FitSettings settings = fit_settings_of(words);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  if (const Problems problems = read_forwards_into(settings, words); !problems.lines.empty())
    return report(problems, err, bad_input);
  const auto raw = read_chain_files(command.chains, command.format);
  if (!raw) return report(raw.problems(), err, bad_input);
  const Result<Chain> prepared = prepare(raw.value(), settings.prepare);
  const Inspection inspection = inspect(raw.value(), command.root);
  const ChainReport found{raw.value(), inspection, prepared};
  out << (command.json ? inspection_json(found) : inspection_table(found));
  return done;
}

}  // namespace strikenet::app
