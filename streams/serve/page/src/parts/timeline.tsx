import type { ComponentChildren } from "preact";
import { clock, DAY_MS, HOUR_MS, moment } from "../text/moment";

export interface Stretch {
  id: string;
  name: string;
  href?: string;
  from_ms: number;
  to_ms: number;
  tone: "now" | "coming" | "calm";
  predicted: boolean;
  note: ComponentChildren;
}

interface TimelineProps {
  stretches: readonly Stretch[];
  now_ms: number;
  label: string;
  /** In this order as it is: an order of cause. */
  ordered?: boolean;
}

/** The least of the axis that a stretch takes: a short one must be seen as well. */
const SHARE_MIN = 0.004;
const TICKS = 5;
const STEPS_MS = [
  HOUR_MS / 12,
  HOUR_MS / 4,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
];

/** Bars on one axis of time, each with its name before it and what there is to say below. */
export function Timeline({ stretches, now_ms, label, ordered = false }: TimelineProps) {
  const from_ms = Math.min(...stretches.map((one) => one.from_ms));
  const to_ms = Math.max(...stretches.map((one) => one.to_ms), from_ms + HOUR_MS / 4);
  const at = (instant_ms: number) => (instant_ms - from_ms) / (to_ms - from_ms);
  const List = ordered ? "ol" : "ul";
  return (
    <div class="timeline">
      <div class="axis" aria-hidden="true">
        {ticks(from_ms, to_ms).map((tick_ms) => (
          <span key={tick_ms} style={{ left: `${100 * at(tick_ms)}%` }}>
            {tick_ms % DAY_MS === 0 ? moment(tick_ms, now_ms).replace(" 00:00", "") : clock(tick_ms)}
          </span>
        ))}
      </div>
      <List class="list" aria-label={label}>
        {stretches.map((one) => (
          <li key={one.id} class="stretch">
            <span class="what">
              {one.href === undefined ? (
                <strong>{one.name}</strong>
              ) : (
                <a href={one.href} data-row>
                  {one.name}
                </a>
              )}
              <small>{one.note}</small>
            </span>
            <span class="track" aria-hidden="true">
              <span
                class={`bar ${one.tone}${one.predicted ? " predicted" : ""}`}
                style={{
                  left: `${100 * at(one.from_ms)}%`,
                  width: `${100 * Math.max(SHARE_MIN, at(one.to_ms) - at(one.from_ms))}%`,
                }}
              />
            </span>
          </li>
        ))}
      </List>
    </div>
  );
}

function ticks(from_ms: number, to_ms: number): number[] {
  const step_ms = STEPS_MS.find((one) => (to_ms - from_ms) / one <= TICKS) ?? 30 * DAY_MS;
  const first_ms = Math.ceil(from_ms / step_ms) * step_ms;
  return Array.from({ length: Math.floor((to_ms - first_ms) / step_ms) + 1 }, (_, place) => first_ms + place * step_ms);
}
