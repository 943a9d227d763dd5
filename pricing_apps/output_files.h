#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "strikenet/core/result.h"
#include "strikenet/io/write_file.h"

namespace strikenet::app {

/// From now on SIGINT, SIGTERM and what else may end the command take the temporary files of its writes away first, and
/// then end it as they would have. One that the command was started to ignore stays ignored.
void remove_temporaries_when_ended();

/// write_files and write_file of the library, with the temporary files known to the above.
Result<std::vector<std::string>> write_output_files(const std::string& directory, const std::vector<OutputFile>& files,
                                                    std::vector<std::string> remove = {});
Result<std::string> write_output(const std::string& path, std::string text);

/// "written    fit/surface.json"
void say_written(std::ostream& out, const std::string& path);

}  // namespace strikenet::app
