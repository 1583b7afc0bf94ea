import { describe, expect, test } from "vitest";
import { axisLabels, quantity, range, roundSteps, unitOf } from "../src/text/quantity";

const GIB = 1024 ** 3;

describe("values have the unit of their metric", () => {
  test.each([
    ["volume_used_bytes", 179.2 * GIB, "179 GiB"],
    ["volume_used_bytes", 0, "0 B"],
    ["memory_usage_kb", 3_145_728, "3 GiB"],
    ["cpu_usage_percent", 41.53, "41.5 %"],
    ["latency_ms", 1500, "1.5 s"],
    ["latency_ms", 86.9, "86.9 ms"],
    ["error_rate", 0.0031, "0.0031"],
    ["error_rate", 0.000031, "3.1e-5"],
    ["requests", 1_234_567, "1.23M"],
    ["requests_per_second", 250, "250 /s"],
    ["node_load1", -0.5, "-0.5"],
  ])("%s %d is %s", (metric, value, words) => {
    expect(quantity(value, unitOf(metric))).toBe(words);
  });

  test("a counter's rate is so much a second", () => {
    expect(quantity(12.5 * 1024 ** 2, unitOf("network_receive_bytes_total", "rate_per_s"))).toBe("12.5 MiB/s");
  });

  test("what is not there is a dash", () => {
    expect(quantity(null, unitOf("x"))).toBe("–");
    expect(quantity(Number.NaN, unitOf("x"))).toBe("–");
  });
});

test("a bound that is nothing beside the other is 0", () => {
  expect(range(-6.0e-11, 0.00564, unitOf("error_rate"))).toBe("0 to 0.00564");
  expect(range(-100, 1e-9, unitOf("x_celsius"))).toBe("-100 °C to 0 °C");
  expect(range(0.001, 100, unitOf("cpu_percent"))).toBe("0.001 % to 100 %");
  expect(range(0, 0, unitOf("x"))).toBe("0 to 0");
});

describe("axes", () => {
  test("one prefix for all values, as many decimals as tell them apart", () => {
    expect(axisLabels([0, 0.025, 0.05], unitOf("error_rate"))).toEqual(["0.000", "0.025", "0.050"]);
    expect(axisLabels([100 * GIB, 150 * GIB, 200 * GIB], unitOf("used_bytes"))).toEqual([
      "100 GiB",
      "150 GiB",
      "200 GiB",
    ]);
    expect(axisLabels([0, 50, 100], unitOf("cpu_percent"))).toEqual(["0 %", "50 %", "100 %"]);
    expect(axisLabels([1.5 * GIB, 2 * GIB], unitOf("used_bytes"))).toEqual(["1.5 GiB", "2.0 GiB"]);
    expect(axisLabels([1990 * GIB, 2040 * GIB], unitOf("used_bytes"))).toEqual(["1.943 TiB", "1.992 TiB"]);
  });

  test("steps are round in the unit that is shown", () => {
    expect(roundSteps(unitOf("used_bytes"))).toContain(20 * GIB);
    expect(roundSteps(unitOf("used_bytes"))).toContain(GIB / 2);
    expect(roundSteps(unitOf("used_bytes"))).not.toContain((500 / 1024) * GIB);
    expect(roundSteps(unitOf("used_kb"))).toContain((20 * GIB) / 1024);
    const steps = roundSteps(unitOf("error_rate"));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });
});
