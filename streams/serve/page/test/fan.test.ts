import { describe, expect, test } from "vitest";
import { extent, fan, symmetric, withGaps } from "../src/charts/fan";

const HISTORY = { t_ms: [10, 20, 30], v: [1, 2, 3] };
const AHEAD = {
  t_ms: [30, 40, 50],
  levels: [0.1, 0.5, 0.9],
  rows: [
    [0, 0, 0],
    [2, 4, 6],
    [1, 5, 9],
  ],
};

describe("history and fan", () => {
  test("on one axis, the fan begins at the last sample", () => {
    const shown = fan(HISTORY, AHEAD, 10);
    expect(shown.t_ms).toEqual([10, 20, 30, 40, 50]);
    expect(shown.actual).toEqual([1, 2, 3, null, null]);
    expect(shown.median).toEqual([null, null, 3, 4, 5]);
    expect(shown.bands).toEqual([{ low: [null, null, 3, 2, 1], high: [null, null, 3, 6, 9], share: 0.8 }]);
  });

  test("a forecast that came true already is not drawn", () => {
    expect(fan({ t_ms: [10, 60], v: [1, 2] }, AHEAD, 50).t_ms).toEqual([10, 60]);
  });

  test("without a forecast, without history", () => {
    expect(fan(HISTORY, null, 10)).toMatchObject({ actual: [1, 2, 3], median: [null, null, null], bands: [] });
    expect(fan({ t_ms: [], v: [] }, AHEAD, 10).median).toEqual([0, 4, 5]);
  });

  test("columns are all as long as the axis", () => {
    const shown = fan({ t_ms: [10, 100], v: [1, 2] }, { ...AHEAD, t_ms: [110, 120, 130] }, 10);
    const columns = [shown.actual, shown.median, ...shown.bands.flatMap((band) => [band.low, band.high])];
    expect(columns.map((column) => column.length)).toEqual(columns.map(() => shown.t_ms.length));
  });
});

test("no line goes across a gap", () => {
  expect(withGaps({ t_ms: [10, 40, 80], v: [1, 2, 3] }, 10)).toEqual({ t_ms: [10, 40, 50, 80], v: [1, 2, null, 3] });
});

test("pairs of levels, the widest first", () => {
  expect(symmetric([0.1, 0.2, 0.5, 0.8, 0.9])).toEqual([
    [0.1, 0.9],
    [0.2, 0.8],
  ]);
  expect(symmetric([0.05, 0.5])).toEqual([]);
});

describe("what must be seen", () => {
  test("all values and the limit, with a little air", () => {
    const [low, high] = extent([[0, null, 5]], [10]);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(10);
  });

  test("a constant has room around it, nothing at all as well", () => {
    const [low, high] = extent([[5, 5]]);
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
    expect(extent([[0]])[0]).toBeLessThan(0);
    expect(extent([])).toEqual([0, 1]);
  });
});
