/** Two lists of the server, each most urgent first, as one. */

import type { Capacity, Danger, Page, Ranked, Severity } from "../api/types";

const PLACES: Record<Severity, number> = { calm: 0, coming: 1, soon: 2, now: 3 };
/** What urgencies are all below: one severity more is worth more than any of them. */
const STEP = 2;
const HOLDS = STEP * (PLACES.now + 1);

export interface Ranking {
  items: Ranked[];
  /** There are more, which longer lists of the server would bring. */
  more: boolean;
}

/**
 * The most urgent of both lists, in order.
 *
 * Where one list goes on at the server, nothing that is less urgent than its last item is told: what is missing of it
 * might come before.
 */
export function mergeRanked(capacity: Page<Capacity> | null, dangers: Page<Danger> | null): Ranking {
  const lists: (Page<Ranked> | null)[] = [capacity, dangers];
  const floor = Math.max(...lists.map(floorOf));
  const all = lists.flatMap((list) => list?.items ?? []).sort((a, b) => standing(b) - standing(a));
  const items = all.filter((one) => standing(one) >= floor);
  return { items, more: lists.some((list) => list?.next != null) };
}

/** By severity, then by urgency, as the server has its lists; what has expired stands behind all that holds. */
function standing(prediction: Ranked): number {
  const place = STEP * PLACES[prediction.severity] + prediction.urgency;
  return prediction.stale ? place - HOLDS : place;
}

function floorOf(list: Page<Ranked> | null): number {
  const last = list?.items.at(-1);
  return list?.next != null && last !== undefined ? standing(last) : Number.NEGATIVE_INFINITY;
}

/** What a row is known by from one answer to the next. */
export function identity(prediction: Ranked): string {
  switch (prediction.kind) {
    case "hazard":
      return `hazard|${prediction.entity}|${prediction.hazard}`;
    case "objective":
      return `objective|${prediction.entity}|${prediction.objective}`;
    default:
      return `${prediction.kind}|${prediction.series}|${prediction.rule}`;
  }
}
