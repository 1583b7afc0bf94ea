import { describe, expect, test } from "vitest";
import type { Capacity, Danger, Page, Severity } from "../src/api/types";
import { identity, mergeRanked } from "../src/state/ranking";

function capacity(urgency: number, severity: Severity = "calm", stale = false): Capacity {
  return { kind: "capacity", series: `c${urgency}`, rule: "disk", urgency, severity, stale } as Capacity;
}

function failure(urgency: number, severity: Severity = "calm"): Danger {
  return { kind: "failure", series: `f${urgency}`, rule: "errors", urgency, severity } as Danger;
}

function page<T>(items: T[], next: string | null = null): Page<T> {
  return { items, next, now_ms: 0 };
}

function names(ranking: { items: (Capacity | Danger)[] }): string[] {
  return ranking.items.map((one) => ("series" in one ? one.series : one.entity));
}

describe("two lists as one", () => {
  test("the most urgent first", () => {
    const ranking = mergeRanked(page([capacity(0.9), capacity(0.2)]), page([failure(1), failure(0.5)]));
    expect(names(ranking)).toEqual(["f1", "c0.9", "f0.5", "c0.2"]);
    expect(ranking.more).toBe(false);
  });

  test("what is graver comes before what is more urgent", () => {
    const ranking = mergeRanked(
      page([capacity(0.3, "soon"), capacity(0.7), capacity(0.6)]),
      page([failure(0.9, "now"), failure(0.2, "coming")]),
    );
    expect(names(ranking)).toEqual(["f0.9", "c0.3", "f0.2", "c0.7", "c0.6"]);
  });

  test("nothing is told below the end of a list that goes on", () => {
    const ranking = mergeRanked(page([capacity(0.9), capacity(0.6)], "more"), page([failure(1), failure(0.5)]));
    expect(names(ranking)).toEqual(["f1", "c0.9", "c0.6"]);
    expect(ranking.more).toBe(true);
  });

  test("what has expired comes last", () => {
    const ranking = mergeRanked(page([capacity(0.2), capacity(1, "now", true)]), page([failure(0.1)]));
    expect(names(ranking)).toEqual(["c0.2", "f0.1", "c1"]);
  });

  test("one of them alone", () => {
    expect(names(mergeRanked(null, page([failure(0.5)])))).toEqual(["f0.5"]);
    expect(names(mergeRanked(page([capacity(0.5)]), null))).toEqual(["c0.5"]);
  });
});

test("a row is known by its series and its rule", () => {
  expect(identity(capacity(0.5))).toBe("capacity|c0.5|disk");
  expect(identity({ kind: "hazard", entity: '{host="a"}', hazard: "drive" } as Danger)).toBe('hazard|{host="a"}|drive');
});
