/** How many of the values that came lay in the bands that were forecast. */

import type { Past } from "../api/types";

export interface Held {
  held: number;
  of: number;
  /** The same of the newer half alone: where it differs, the series drifts away from its model. */
  held_lately: number;
  of_lately: number;
}

export function held(past: Past): Held {
  const judged = past.came.flatMap((came, place) => {
    const low = past.q10[place];
    const high = past.q90[place];
    return came === null || low === undefined || high === undefined ? [] : [came >= low && came <= high];
  });
  const lately = judged.slice(Math.floor(judged.length / 2));
  const count = (which: boolean[]) => which.filter(Boolean).length;
  return { held: count(judged), of: judged.length, held_lately: count(lately), of_lately: lately.length };
}

/** What came and lay outside, elsewhere nothing: drawn over the rest. */
export function outside(past: Past): (number | null)[] {
  return past.came.map((came, place) => {
    const low = past.q10[place];
    const high = past.q90[place];
    return came !== null && low !== undefined && high !== undefined && (came < low || came > high) ? came : null;
  });
}
