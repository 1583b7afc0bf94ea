import { expect, test } from "vitest";
import { isBehind } from "../src/text/standing";

const MINUTE_MS = 60_000;

test.each([
  ["a minute's step, two missing", 1, 2, false],
  ["a minute's step, four missing", 1, 4, true],
  ["ten seconds' step", 1 / 6, 1.9, false],
  ["an hour's step, one missing", 60, 90, false],
  ["an hour's step, four missing", 60, 241, true],
])("telemetry is behind by its own step: %s", (_, step, behind, expected) => {
  const age = { event_time_ms: 1, behind_ms: behind * MINUTE_MS, step_ms: step * MINUTE_MS };
  expect(isBehind(age)).toBe(expected);
});

test("before the first forecast there is no step, before the first record no age", () => {
  expect(isBehind({ event_time_ms: 1, behind_ms: 3 * MINUTE_MS, step_ms: null })).toBe(true);
  expect(isBehind({ event_time_ms: 0, behind_ms: 3 * MINUTE_MS, step_ms: null })).toBe(false);
});
