"""The rules that a fleet's truth speaks of, as a configuration file has them."""

from load.generate.spec import MINUTE_MS

DISK, PROCESS, ERRORS = "disk", "process", "errors"

ERRORS_ABOVE = 0.05
ERRORS_FOR_MS = 15 * MINUTE_MS

RULES = {
    "capacity": [
        {"name": DISK, "metric": "volume_used_bytes", "limit": {"metric": "volume_capacity_bytes"}},
        {"name": PROCESS, "metric": "process_memory_bytes", "limit": {"metric": "process_memory_limit_bytes"}},
    ],
    "failures": [
        {"name": ERRORS, "metric": "error_rate", "above": ERRORS_ABOVE, "for": "15m", "within": "3h"},
    ],
}
