import { describe, expect, test } from "vitest";
import { bandWidth, cellPercent, percent, skill } from "../src/text/chance";

describe("what is not certain is not rounded to certainty", () => {
  test.each([
    [0, "0 %"],
    [0.0049, "< 1 %"],
    [0.005, "1 %"],
    [0.5, "50 %"],
    [0.9949, "99 %"],
    [0.995, "> 99 %"],
    [1, "100 %"],
    [null, "–"],
  ])("%s is %s", (share, words) => {
    expect(percent(share)).toBe(words);
  });

  test("cells", () => {
    expect([0.001, 0.43, 0.999, 1].map(cellPercent)).toEqual(["", "43", ">99", "100"]);
  });
});

test("skill has a sign", () => {
  expect([0.471, -0.56, 0.001, null].map(skill)).toEqual(["+47 %", "−56 %", "0 %", "–"]);
});

test("what a coverage says of the bands", () => {
  expect([0.8, 0.85, 0.68, 0.95, null].map(bandWidth)).toEqual([
    "about right",
    "about right",
    "too narrow by 12 points",
    "too wide by 15 points",
    "not known yet",
  ]);
});
