#pragma once

namespace coven {

/// Opens /dev/null where stdin, stdout or stderr is closed (`program >&-`), so that no socket or
/// file takes that place and is written into. Writing to a stdout that was closed still fails. To
/// be called first in `main`; `start_daemon` does.
void open_standard_streams();

}  // namespace coven
