/** uPlot in a component: as wide as its place, drawn anew when what it shows or the theme changes. */

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { theme } from "../state/theme";
import { type Palette, palette } from "./palette";

export type Draft = Omit<uPlot.Options, "width" | "height">;

export interface Drawing {
  draft: Draft;
  data: uPlot.AlignedData;
}

interface ChartProps {
  /** What it shows, in words: for those who can't see it. */
  label: string;
  height: number;
  /** Changes whenever `draw` would draw something else. */
  stamp: string;
  draw: (colours: Palette) => Drawing;
}

export function Chart({ label, height, stamp, draw }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = theme.value;
  // The stamp stands for what is drawn.
  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    const { draft, data } = draw(palette());
    const chart = new uPlot({ ...draft, width: Math.max(node.clientWidth, 40), height }, data, node);
    const watcher = new ResizeObserver(() => {
      if (node.clientWidth > 0 && node.clientWidth !== chart.width) chart.setSize({ width: node.clientWidth, height });
    });
    watcher.observe(node);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [stamp, height, shown]);
  return <div class="chart" role="img" aria-label={label} ref={place} style={{ height: `${height}px` }} />;
}

/** Instants are UTC on every axis. */
export const UTC = {
  ms: 1 as const,
  tzDate: (at_ms: number) => uPlot.tzDate(new Date(at_ms), "Etc/UTC"),
};
