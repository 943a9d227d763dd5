// One reader of chains against any bytes: read_chain_fuzz --format=NAME [libFuzzer's options] CORPUS...
// What holds of every input: nothing crashes or throws; there are problems exactly when there is no chain; and a chain
// that is read reads back from its generic form to the same one.
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "fuzz_target.h"
#include "io/same_chain.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/io/write_chain.h"

namespace {

strikenet::Result<strikenet::RawChain> read(const std::string& text, std::string_view as_format) {
  std::istringstream in(text);
  return strikenet::read_chain(in, "f", as_format);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto chain = read(std::string(reinterpret_cast<const char*>(data), size), format_to_try());
  if (!chain) {
    require_that(!chain.problems().lines.empty(), "there is neither a chain nor a problem");
    return 0;
  }
  require_that(!chain.value().quotes.empty(), "a chain without quotes is no problem");
  std::ostringstream written;
  strikenet::write_generic_csv(chain.value(), written);
  const auto copy = read(written.str(), "generic");
  require_that(static_cast<bool>(copy),
               "the generic form is not read: " + (copy ? "" : copy.problems().lines.front()) + "\n" + written.str());
  const std::string lost = strikenet::testing_support::difference(chain.value(), copy.value());
  require_that(lost.empty(), "the generic form has another " + lost + "\n" + written.str());
  return 0;
}
