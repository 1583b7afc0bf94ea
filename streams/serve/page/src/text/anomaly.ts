/** What is strange, in words. */

import type { Anomaly } from "../api/types";
import { quantity, range, rounded, unitOf } from "./quantity";

type Told = Pick<Anomaly, "anomaly" | "metric" | "transform" | "value" | "expected_low" | "expected_high" | "factor">;

export function finding(anomaly: Told): string {
  const unit = unitOf(anomaly.metric, anomaly.transform);
  switch (anomaly.anomaly) {
    case "value":
      return `${quantity(anomaly.value, unit)}${expected(anomaly)}`;
    case "level_shift":
      return `its level is ${quantity(anomaly.value, unit)}, and was ${quantity(anomaly.expected_low, unit)}`;
    case "variance":
      return factor(anomaly.factor, "as wild as usual", "as calm as usual", "its spread has changed");
    case "flat_line":
      return `it repeats ${quantity(anomaly.value, unit)}`;
    case "missing":
      return "it has stopped reporting";
    case "cadence":
      return factor(anomaly.factor, "the usual distance of samples", "the usual pace", "its cadence has changed");
  }
}

function expected({ metric, transform, expected_low, expected_high }: Told): string {
  if (expected_low === null || expected_high === null) return "";
  return `, expected ${range(expected_low, expected_high, unitOf(metric, transform))}`;
}

function factor(times: number | null, more: string, less: string, unknown: string): string {
  if (times === null || times <= 0) return unknown;
  return times >= 1 ? `${rounded(times)} times ${more}` : `${rounded(1 / times)} times ${less}`;
}
