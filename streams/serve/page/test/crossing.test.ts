import { expect, test } from "vitest";
import type { Capacity } from "../src/api/types";
import { held, outside } from "../src/charts/coverage";
import { crossing } from "../src/charts/crossing";

const HOUR_MS = 3_600_000;

test("spans and quantiles are one curve that never falls", () => {
  const prediction = {
    origin_ms: 0,
    p_within_1h: 0,
    p_within_6h: 0.05,
    p_within_24h: 0.8,
    p_within_7d: 0.85,
    p_within_30d: 0.85,
    exhausted_at_p10_ms: 10 * HOUR_MS,
    exhausted_at_p50_ms: 14 * HOUR_MS,
    exhausted_at_p90_ms: null,
  } as Capacity;
  const { hours, probability } = crossing(prediction);
  expect(hours).toEqual([1, 6, 10, 14, 24, 168, 720]);
  expect(probability).toEqual([0, 0.05, 0.1, 0.5, 0.8, 0.85, 0.85]);
});

test("how many of the values lay in their bands, and which did not", () => {
  const past = {
    t_ms: [1, 2, 3, 4],
    q10: [0, 0, 0, 0],
    q50: [1, 1, 1, 1],
    q90: [2, 2, 2, 2],
    came: [1, 2, null, 3],
  };
  expect(held(past)).toEqual({ held: 2, of: 3, held_lately: 1, of_lately: 2 });
  expect(outside(past)).toEqual([null, null, null, 3]);
});
