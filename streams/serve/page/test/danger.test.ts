import { expect, test } from "vitest";
import type { Capacity, Failure, Hazard, Objective } from "../src/api/types";
import { finding } from "../src/text/anomaly";
import { budget, chances, condition, outlook, trackRecord } from "../src/text/danger";
import { severity, severityWord } from "../src/text/severity";

const HOUR_MS = 3_600_000;
const failure = {
  kind: "failure",
  metric: "error_rate",
  transform: null,
  threshold: 0.05,
  side: "above",
  for_ms: 300_000,
  within_ms: HOUR_MS,
  probability: 0.52,
  p_within_15m: null,
  p_within_1h: 0.52,
  p_within_24h: 0.98,
  breaking: false,
  looks_settled: 810,
  failures_seen: 1,
  brier: 0.14,
  base_brier: 0.2,
} as Failure;
const objective = {
  kind: "objective",
  target_percent: 99.9,
  window_ms: 30 * 24 * HOUR_MS,
  budget_left: 0.31,
  exhausted_at_ms: 10 * HOUR_MS,
  alerting: false,
  p_alert_within_15m: 0.01,
  p_alert_within_1h: 0.02,
  p_alert_within_24h: 0.6,
  looks_settled: 0,
} as Objective;

test("a failure in words", () => {
  expect(outlook(failure)).toBe("52 % within 1 h");
  expect(outlook({ ...failure, breaking: true })).toBe("failing now");
  expect(condition(failure)).toBe("error_rate above 0.05 for 5 min");
  expect(trackRecord(failure)).toBe("1 failure in 810 looks, beats the base rate");
  expect(trackRecord({ ...failure, brier: 0.3, failures_seen: 2 })).toBe(
    "2 failures in 810 looks, no better than the base rate",
  );
  expect(trackRecord({ ...failure, looks_settled: 0 })).toBe("no earlier prediction is settled: a prior");
});

test("an error budget in words", () => {
  expect(outlook(objective)).toBe("alert 2 % within 1 h");
  expect(outlook({ ...objective, p_alert_within_1h: null })).toBe("alert 60 % within 1 day");
  expect(budget(objective, 0)).toBe("31 % of the budget left, spent Thu 10:00 (in 10 h)");
  expect(budget({ ...objective, budget_left: -0.2 }, 0)).toBe("budget spent");
});

test("only spans that are spoken of have a probability", () => {
  expect(chances(failure)).toEqual({ "1h": 0.52, "1d": 0.98 });
  expect(chances({ kind: "hazard", within_ms: 7 * 24 * HOUR_MS, probability: 0.07 } as Hazard)).toEqual({ "7d": 0.07 });
});

test("one scale of gravity", () => {
  const filling = { kind: "capacity", status: "filling" } as Capacity;
  expect([severity(filling), severityWord(filling)]).toEqual(["coming", "filling"]);
  expect([severity(failure), severityWord(failure)]).toEqual(["soon", "likely"]);
  expect(severity({ ...failure, breaking: true })).toBe("now");
  expect(severity({ ...failure, probability: 0.1, p_within_24h: 0.2 })).toBe("calm");
  expect(severity(objective)).toBe("coming");
  expect(severityWord({ ...objective, alerting: true })).toBe("burning");
});

test("anomalies in words", () => {
  const told = {
    metric: "latency_ms",
    transform: null,
    value: 987,
    expected_low: 127,
    expected_high: 161,
    factor: null,
  };
  expect(finding({ ...told, anomaly: "value" })).toBe("987 ms, expected 127 ms to 161 ms");
  expect(finding({ ...told, anomaly: "variance", factor: 5.06 })).toBe("5.06 times as wild as usual");
  expect(finding({ ...told, anomaly: "variance", factor: 0.25 })).toBe("4 times as calm as usual");
  expect(finding({ ...told, anomaly: "missing", value: null })).toBe("it has stopped reporting");
});
