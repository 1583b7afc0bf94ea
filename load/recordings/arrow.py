"""pyarrow as it is used here: whether it is installed, and names for its types."""

import importlib.util
from typing import TYPE_CHECKING, Any, TypeAlias

from streams.cli.errors import ExtraMissingError

if TYPE_CHECKING:
    import pyarrow as pa

ArrowColumn: TypeAlias = "pa.Array[Any]"
ArrowBatch: TypeAlias = "pa.RecordBatch"


def require_pyarrow() -> None:
    """Say what to install where pyarrow is missing."""
    if importlib.util.find_spec("pyarrow") is None:
        raise ExtraMissingError("reading or writing a recording", "recordings")
