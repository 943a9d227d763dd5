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
  FitSettings settings = fit_settings_of(command.words);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  if (const Problems problems = read_forwards_into(settings, command.words); !problems.lines.empty())
    return report(problems, err, bad_input);
  const auto raw = read_chain_files(command.words.chain, command.words.format);
  if (!raw) return report(raw.problems(), err, bad_input);
  const PrepareOptions& options = settings.prepare;
  const Result<Chain> prepared = prepare(raw.value(), options);
  const Inspection inspection = inspect(raw.value(), options.root, options.as_of);
  const ChainReport found{raw.value(), inspection, prepared, would_leave_out(raw.value(), options)};
  out << (command.json ? inspection_json(found) : inspection_table(found));
  return done;
}

}  // namespace strikenet::app
