#pragma once

#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// The text of a surface file, schema "strikenet.surface/2" (docs/reference/surface-json.md). Doubles are written with
/// the fewest digits that read back to the same bits. `status` goes into the file as "status": "arbitrage-free",
/// "slices-arbitrage-free" or "not-proved". The same surface and status give the same text. Knots that all slices share
/// are written once. Surface::run is written where there is one. A byte that is not UTF-8 in a text is replaced.
/// Throws PreconditionError when there is no slice, when t, a forward or a discount is not finite, when slices differ
/// in activation, or in knots without being `relu`.
STRIKENET_EXPORT std::string to_json(const Surface& surface, std::string_view status);

/// Reads the text of a surface file; `name` is only used in messages. Problems name what is missing or wrong and where:
/// "fit/surface.json: slices[3].weights has 249 numbers, but 252 knots of 'cubic' units need 250". All problems of the
/// file in one run. Accepts what to_json writes, now and in 0.1 (schema "strikenet.surface/1"), and everything else the
/// schema allows, per-slice knots of 'relu' too; but of units only 'ratio'. Later schemas are refused. Fields that the
/// schema does not name are skipped. What comes back satisfies what prove_arbitrage_free requires; whether it is free
/// of arbitrage is another question. Text that is no JSON is one problem, with line and byte: "fit/surface.json:3: text
/// is '...' up to byte 57, but ...".
STRIKENET_EXPORT Result<Surface> parse_surface(std::string_view json, std::string_view name);

/// parse_surface on a file; a missing or unreadable file is a problem too.
STRIKENET_EXPORT Result<Surface> read_surface(const std::string& path);

}  // namespace strikenet
