// One reader of payoffs, networks or portfolios against any bytes:
// read_position_fuzz --format=payoff|position|onnx [libFuzzer's options] CORPUS...
// What holds of every input: nothing crashes or throws; there are problems exactly when nothing is read; and what is
// read reads back from what is written of it.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "fuzz_target.h"
#include "strikenet/io/position_file.h"
#include "strikenet/onnx/onnx_network.h"
#include "strikenet/payoff/payoff_language.h"

namespace {

template <class Read>
bool is_there(const strikenet::Result<Read>& read) {
  if (!read) require_that(!read.problems().lines.empty(), "there is neither a value nor a problem");
  return static_cast<bool>(read);
}

void try_payoff(std::string_view text) {
  const auto payoff = strikenet::parse_payoff(text);
  if (!is_there(payoff)) return;
  if (const auto* pieces = std::get_if<strikenet::PiecewiseLinear>(&payoff.value()))
    (void)pieces->value(100);
  else
    (void)std::get<strikenet::Curve>(payoff.value()).value(100);
}

void try_position(std::string_view text) {
  const auto position = strikenet::read_position(text, "f");
  if (!is_there(position)) return;
  const auto* network = std::get_if<strikenet::DeepNetwork>(&position.value());
  const std::string written = network
                                  ? strikenet::network_json(*network)
                                  : strikenet::portfolio_csv(std::get<strikenet::OptionPortfolio>(position.value()));
  const auto again = strikenet::read_position(written, "f");
  require_that(static_cast<bool>(again), "what is written is not read: " + written);
  const auto* copy = std::get_if<strikenet::DeepNetwork>(&again.value());
  const std::string twice = copy ? strikenet::network_json(*copy)
                                 : strikenet::portfolio_csv(std::get<strikenet::OptionPortfolio>(again.value()));
  require_that(twice == written, "what is read back is written differently: " + written + twice);
}

void try_onnx(std::string_view bytes) {
  const auto network = strikenet::read_onnx(bytes, "f");
  if (!is_there(network)) return;
  const auto written = strikenet::write_onnx(network.value());
  if (!is_there(written)) return;
  require_that(static_cast<bool>(strikenet::read_onnx(written.value(), "f")), "what is written is not read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (format_to_try() == "payoff") try_payoff(bytes);
  if (format_to_try() == "position") try_position(bytes);
  if (format_to_try() == "onnx") try_onnx(bytes);
  return 0;
}
