import type { Status } from "../api/types";
import { linkTo } from "../state/route";
import { Instant } from "./instant";

/** The state of things in one line of figures. */
export function Summary({ status }: { status: Status | null }) {
  if (status === null) return <div class="summary" aria-hidden="true" />;
  const { severities, counts } = status;
  return (
    <dl class="summary" aria-label="summary">
      <Figure tone="now" name="exhausted" value={severities.now} />
      <Figure tone="soon" name="imminent" value={severities.soon} />
      <Figure tone="coming" name="filling" value={severities.coming} />
      <Figure tone="now" name="incidents open" value={counts.incidents_open} href={linkTo("incidents")} />
      <Figure tone="soon" name="anomalies open" value={counts.anomalies_open} href={linkTo("anomalies")} />
      <Figure tone="calm" name="series" value={status.series} href={linkTo("series")} />
      {status.event_time_ms !== 0 && (
        <div class="figure">
          <dt>event time</dt>
          <dd>
            <Instant at_ms={status.event_time_ms} />
          </dd>
        </div>
      )}
    </dl>
  );
}

interface FigureProps {
  tone: string;
  name: string;
  value: number;
  href?: string;
}

function Figure({ tone, name, value, href }: FigureProps) {
  const text = value.toLocaleString("en-US");
  return (
    <div class={`figure ${value === 0 ? "none" : tone}`}>
      <dt>{name}</dt>
      <dd>{href === undefined ? text : <a href={href}>{text}</a>}</dd>
    </div>
  );
}
