"""The bounds of memory and time at the edge, and how they relate."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class TransportLimits:
    """How much is fetched, held and sent at once.

    A partition's fetch is at most `fetch_bytes` as it comes (compressed) and handed over in batches of at most
    `batch_records`; per role, `batches_buffered` of them wait for the agent. So what is fetched and not yet processed
    stays below (partitions + batches_buffered) x fetch_bytes x the compression ratio.
    """

    fetch_bytes: int = MIB
    batch_records: int = 5_000
    batches_buffered: int = 8
    unacknowledged_sends: int = 2_000
    request_bytes: int = 2 * MIB
    send_batch_bytes: int = 256 * 1024
    linger_ms: int = 10


FINAL_CHECKPOINT_S = 10.0
"""What the last checkpoint may take on revocation and on shutdown. Well below Faust's rebalance timeout of 60 s."""

STOP_S = 10.0
"""What closing the connections may take after that."""

CANCEL_S = 1.0
"""What the worker's own tasks may take to let go."""

READY_STANDSTILL_S = 10.0
"""A worker with a partition that lags and delivers nothing for so long is not ready."""

REPORT_INTERVAL_S = 60.0
