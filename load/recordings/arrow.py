"""pyarrow as it is used here: whether it is installed, and names for its types."""

import importlib.util
from typing import TYPE_CHECKING, Any, TypeAlias

from streams.cli.errors import ExitCode, UserError

if TYPE_CHECKING:
    import pyarrow as pa

ArrowColumn: TypeAlias = "pa.Array[Any]"
ArrowBatch: TypeAlias = "pa.RecordBatch"


class PyarrowMissingError(UserError):
    """Recordings were asked for where pyarrow is not installed."""

    exit_code = ExitCode.USAGE


def require_pyarrow() -> None:
    """Say what to install where pyarrow is missing."""
    if importlib.util.find_spec("pyarrow") is None:
        raise PyarrowMissingError(
            "recordings need pyarrow, which is not installed\npip install 'foreshock[recordings]'"
        )
