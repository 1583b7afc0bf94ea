/** A history and the fan of quantiles that continues it, as the aligned columns that uPlot draws. */

export type Column = (number | null)[];

/** Symmetric quantiles, the widest pair first. */
export interface Band {
  low: Column;
  high: Column;
  /** The share that should lie within. */
  share: number;
}

export interface Fan {
  t_ms: number[];
  actual: Column;
  median: Column;
  bands: Band[];
}

export interface History {
  t_ms: readonly number[];
  v: readonly number[];
}

export interface Quantiles {
  t_ms: readonly number[];
  levels: readonly number[];
  /** A row for each instant, a column for each level. */
  rows: readonly (readonly number[])[];
}

/** A distance of more steps than this between two samples is a gap: no line goes across it. */
export const GAP_STEPS = 3;
const SAME_LEVEL = 1e-9;

/** History and fan on one axis of time; the fan begins at the last sample, where nothing is uncertain. */
export function fan(history: History, quantiles: Quantiles | null, step_ms: number): Fan {
  const past = withGaps(history, step_ms);
  const last_ms = history.t_ms.at(-1) ?? Number.NEGATIVE_INFINITY;
  const ahead = quantiles === null ? [] : quantiles.t_ms.flatMap((at_ms, place) => (at_ms > last_ms ? [place] : []));
  const t_ms = [...past.t_ms, ...ahead.map((place) => quantiles?.t_ms[place] ?? 0)];
  const actual: Column = [...past.v, ...ahead.map(() => null)];
  const column = (level: number): Column => {
    const which = quantiles?.levels.findIndex((one) => Math.abs(one - level) < SAME_LEVEL) ?? -1;
    const begin = ahead.length > 0 && past.v.length > 0 ? [past.v.at(-1) ?? null] : [];
    const empty: Column = past.v.slice(begin.length).map(() => null);
    return [...empty, ...begin, ...ahead.map((place) => quantiles?.rows[place]?.[which] ?? null)];
  };
  const pairs = symmetric(quantiles?.levels ?? []);
  const bands = pairs.map(([low, high]) => ({ low: column(low), high: column(high), share: high - low }));
  return { t_ms, actual, median: column(0.5), bands };
}

/** The pairs of levels that lie as far below as above the median, the widest first. */
export function symmetric(levels: readonly number[]): [number, number][] {
  return levels
    .filter((low) => low < 0.5)
    .flatMap((low): [number, number][] => {
      const high = levels.find((one) => Math.abs(one - (1 - low)) < SAME_LEVEL);
      return high === undefined ? [] : [[low, high]];
    })
    .sort(([a], [b]) => a - b);
}

/** The same samples, with a place without a value in each gap. */
export function withGaps(history: History, step_ms: number): { t_ms: number[]; v: Column } {
  const t_ms: number[] = [];
  const v: Column = [];
  history.t_ms.forEach((at_ms, place) => {
    const before_ms = history.t_ms[place - 1];
    if (before_ms !== undefined && at_ms - before_ms > GAP_STEPS * step_ms) {
      t_ms.push(before_ms + step_ms);
      v.push(null);
    }
    t_ms.push(at_ms);
    v.push(history.v[place] ?? null);
  });
  return { t_ms, v };
}

/** The lowest and highest of all that is drawn, and of what else must be seen, with a little air. */
export function extent(columns: readonly Column[], also: readonly number[] = []): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of [...columns, also]) {
    for (const value of column) {
      if (value === null || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  const air = high > low ? 0.06 * (high - low) : Math.max(1e-9, 0.1 * Math.abs(high)) || 1;
  return [low - air, high + air];
}
