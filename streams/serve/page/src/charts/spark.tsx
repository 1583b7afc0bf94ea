/** A small chart for a row: what was, what is forecast, and the limit. */

import type { Spark } from "../api/types";
import { Chart, UTC } from "./chart";
import { fanColumns, fanSeries } from "./drafts";
import { extent, fan } from "./fan";
import { instantMark, levelMark } from "./marks";

interface SparkProps {
  spark: Spark;
  step_ms: number;
  limit: number | null;
  label: string;
  stamp: string;
}

const HEIGHT = 40;

export function SparkChart({ spark, step_ms, limit, label, stamp }: SparkProps) {
  return (
    <Chart
      label={label}
      height={HEIGHT}
      stamp={stamp}
      draw={(colours) => {
        const rows = spark.f_ms.map((_, at) => [spark.q10[at] ?? 0, spark.q50[at] ?? 0, spark.q90[at] ?? 0]);
        // What is sent is thinned out: its own distances tell what a gap is.
        const sent_ms = Math.max(step_ms, usual(spark.t_ms));
        const shown = fan(spark, { t_ms: spark.f_ms, levels: [0.1, 0.5, 0.9], rows }, sent_ms);
        const range = extent(fanColumns(shown).slice(1) as (number | null)[][], limit === null ? [] : [limit]);
        const marks = [instantMark(spark.t_ms.at(-1) ?? 0, colours.grid)];
        if (limit !== null) marks.push(levelMark(limit, colours.limit));
        return {
          draft: {
            ...UTC,
            ...fanSeries(shown, colours),
            axes: [{ show: false }, { show: false }],
            cursor: { show: false },
            legend: { show: false },
            padding: [2, 2, 2, 2],
            scales: { y: { range } },
            hooks: { draw: marks },
          },
          data: fanColumns(shown),
        };
      }}
    />
  );
}

/** The median distance of instants. */
function usual(t_ms: readonly number[]): number {
  const distances = t_ms.slice(1).map((at_ms, place) => at_ms - (t_ms[place] ?? at_ms));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}
