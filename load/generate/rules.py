"""The rules that a fleet's truth speaks of, as a configuration file has them."""

from load.generate.spec import MINUTE_MS

DISK, PROCESS, ERRORS = "disk", "process", "errors"

AVAILABLE, CALLS, BAD_CALLS = "available", "calls_total", "failed_calls_total"
AVAILABLE_PERCENT = 99
WEAR, BAD_SECTORS = "wear", "bad_sectors"

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
    "objectives": [
        {
            "name": AVAILABLE,
            "target": AVAILABLE_PERCENT,
            "total": {"metric": CALLS},
            "bad": {"metric": BAD_CALLS},
            "every": "30m",
        },
    ],
    "hazards": [
        {
            "name": WEAR,
            "within": "3d",
            "signs": [
                {"metric": BAD_SECTORS, "sign": "present", "weight": 0.5},
                {"metric": BAD_SECTORS, "sign": "level", "weight": 0.5},
                {"metric": BAD_SECTORS, "sign": "rise", "weight": 3},
            ],
        },
    ],
}
