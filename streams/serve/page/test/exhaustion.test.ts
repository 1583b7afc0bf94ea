import { describe, expect, test } from "vitest";
import { exhaustion, usedShare } from "../src/text/exhaustion";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../src/text/moment";

// Wed 7 Jan 2026 22:00 UTC
const NOW_MS = 1_767_823_200_000;
const NEVER = { exhausted_at_p10_ms: null, exhausted_at_p50_ms: null, exhausted_at_p90_ms: null };
const UP = { direction: "up" as const, gap: 10, eta_horizon_h: 720, ...NEVER };

describe("time to exhaustion is a range", () => {
  test("give or take half of what lies between p10 and p90", () => {
    const times = {
      exhausted_at_p10_ms: NOW_MS + 11 * HOUR_MS,
      exhausted_at_p50_ms: NOW_MS + 13 * HOUR_MS + 4 * MINUTE_MS,
      exhausted_at_p90_ms: NOW_MS + 15 * HOUR_MS,
    };
    expect(exhaustion({ ...UP, ...times }, NOW_MS)).toBe("full Thu 11:00, give or take 2 h");
    expect(exhaustion({ ...UP, ...times, direction: "down" }, NOW_MS)).toBe("used up Thu 11:00, give or take 2 h");
  });

  test("an end that is not known is said so", () => {
    const times = { exhausted_at_p10_ms: NOW_MS + HOUR_MS, exhausted_at_p50_ms: NOW_MS + 3 * DAY_MS };
    expect(exhaustion({ ...UP, ...times }, NOW_MS)).toBe("full Sat 22:00, or much later");
    expect(exhaustion({ ...UP, exhausted_at_p10_ms: NOW_MS + 3 * DAY_MS }, NOW_MS)).toBe(
      "full Sat 22:00 at worst, if at all",
    );
  });

  test("never, and now", () => {
    expect(exhaustion(UP, NOW_MS)).toBe("not within 30 days");
    expect(exhaustion({ ...UP, gap: 0 }, NOW_MS)).toBe("full now");
  });
});

test("a share of the limit is told where it means something", () => {
  expect(usedShare({ direction: "up", limit: 200, level: 50 })).toBe(0.25);
  expect(usedShare({ direction: "down", limit: 200, level: 500 })).toBeNull();
  expect(usedShare({ direction: "up", limit: 0, level: -1 })).toBeNull();
});
