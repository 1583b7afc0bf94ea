import type { ComponentChildren } from "preact";
import type { ForecastQuality } from "../api/types";

export type Tone = "now" | "soon" | "coming" | "calm" | "good" | "muted";

/** A word with a colour that means the same everywhere. */
export function Pill({ tone, title, children }: { tone: Tone; title?: string; children: ComponentChildren }) {
  return (
    <span class={`pill ${tone}`} title={title}>
      {children}
    </span>
  );
}

const QUALITIES: Record<ForecastQuality, [Tone, string]> = {
  ok: ["good", "earlier forecasts held what they promised"],
  warming: ["muted", "too few earlier forecasts were compared with what came"],
  unfit: ["soon", "not worth acting on: seasonal naive did better, or the bands did not hold"],
  stale: ["coming", "nothing new was learned for more than five steps"],
};

export function QualityPill({ quality }: { quality: ForecastQuality | null }) {
  if (quality === null) return <Pill tone="muted">no forecast</Pill>;
  const [tone, title] = QUALITIES[quality];
  return (
    <Pill tone={tone} title={title}>
      {quality}
    </Pill>
  );
}

export function StalePill() {
  return (
    <Pill tone="coming" title="it has expired and had no successor: its series may have stopped reporting">
      expired
    </Pill>
  );
}
