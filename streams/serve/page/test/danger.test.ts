import { expect, test } from "vitest";
import type { Capacity, Failure, Hazard, Objective } from "../src/api/types";
import { finding } from "../src/text/anomaly";
import { budget, chances, condition, outlook, trackRecord } from "../src/text/danger";
import { isNew, severityWord } from "../src/text/severity";

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

test("how grave it is has one word", () => {
  const filling = { kind: "capacity", status: "filling", severity: "coming" } as Capacity;
  expect(severityWord(filling)).toBe("filling");
  expect(severityWord({ ...failure, severity: "soon" })).toBe("likely");
  expect(severityWord({ ...failure, severity: "now" })).toBe("failing");
  expect(severityWord({ ...failure, severity: "coming" })).toBe("within a day");
  expect(severityWord({ ...objective, severity: "now" })).toBe("burning");
});

test("of a series' first day the probabilities speak, for its status says nothing yet", () => {
  const chances = { p_within_1h: 0.2, p_within_6h: 0.954, p_within_24h: 0.97, p_within_7d: 1 };
  const first = { kind: "capacity", status: "ok", severity: "soon", supported_h: 5, ...chances } as Capacity;
  expect([isNew(first), severityWord(first)]).toEqual([true, "95 % in 6 h"]);
  const calm: Capacity = { ...first, severity: "calm", p_within_6h: 0, p_within_24h: 0.1, p_within_7d: 0.3 };
  expect([isNew(calm), severityWord(calm)]).toEqual([true, null]);
  const known: Capacity = { ...calm, supported_h: 72 };
  expect([isNew(known), severityWord(known)]).toEqual([false, "ok"]);
  const full: Capacity = { ...first, status: "exhausted", severity: "now" };
  expect([isNew(full), severityWord(full)]).toEqual([false, "exhausted"]);
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
  expect(finding({ ...told, anomaly: "value", expected_low: -6e-11, expected_high: 0.5 })).toBe(
    "987 ms, expected 0 ms to 0.5 ms",
  );
  expect(finding({ ...told, anomaly: "variance", factor: 5.06 })).toBe("5.06 times as wild as usual");
  expect(finding({ ...told, anomaly: "variance", factor: 0.25 })).toBe("4 times as calm as usual");
  expect(finding({ ...told, anomaly: "missing", value: null })).toBe("it has stopped reporting");
});
