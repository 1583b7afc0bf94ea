import { describe, expect, test } from "vitest";
import { clock, DAY_MS, fromNow, HOUR_MS, inFull, MINUTE_MS, moment, span } from "../src/text/moment";

// Wed 7 Jan 2026 23:48 UTC
const NOW_MS = 1_767_829_680_000;

describe("span", () => {
  test.each([
    [40_000, "40 s"],
    [89_000, "89 s"],
    [25 * MINUTE_MS, "25 min"],
    [HOUR_MS, "1 h"],
    [80 * MINUTE_MS, "80 min"],
    [6 * HOUR_MS, "6 h"],
    [13.4 * HOUR_MS, "13 h"],
    [2 * DAY_MS, "2 days"],
    [30 * DAY_MS, "30 days"],
  ])("%d ms is %s", (duration_ms, words) => {
    expect(span(duration_ms)).toBe(words);
  });
});

test("a weekday within a week, a date beyond, a year where it is another", () => {
  expect(moment(NOW_MS + 12 * HOUR_MS, NOW_MS)).toBe("Thu 11:48");
  expect(moment(NOW_MS + 28 * DAY_MS, NOW_MS)).toBe("Wed 4 Feb");
  expect(moment(NOW_MS - 30 * DAY_MS, NOW_MS)).toBe("Mon 8 Dec 2025");
});

test("times are UTC whatever the machine's zone is", () => {
  expect(clock(NOW_MS)).toBe("23:48");
  expect(inFull(NOW_MS)).toBe("Wed 7 Jan 2026 23:48:00 UTC");
});

test("how far off", () => {
  expect(fromNow(NOW_MS + 13 * HOUR_MS, NOW_MS)).toBe("in 13 h");
  expect(fromNow(NOW_MS - 25 * MINUTE_MS, NOW_MS)).toBe("25 min ago");
  expect(fromNow(NOW_MS + 59_000, NOW_MS)).toBe("now");
});
