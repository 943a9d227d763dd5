#pragma once

#include <string>

/// What --format says: which reader is tried.
const std::string& format_to_try();

/// Ends the program, with the words, where it does not hold.
void require_that(bool holds, const std::string& what);
