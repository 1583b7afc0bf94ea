import type { Capacity, Danger, Ranked } from "../api/types";
import { SparkChart } from "../charts/spark";
import { linkTo, seriesLink } from "../state/route";
import { percent } from "../text/chance";
import { budget, condition, outlook, trackRecord } from "../text/danger";
import { exhaustion, usedShare } from "../text/exhaustion";
import { fromNow } from "../text/moment";
import { entityName } from "../text/names";
import { quantity, unitOf } from "../text/quantity";
import { Chances } from "./chances";
import { OtherLabels } from "./other_labels";
import { Pill, StalePill } from "./pill";
import { SeverityPill } from "./severity_pill";

/** One prediction of the ranking. The whole row leads to its series; an entity's to the series of the entity. */
export function RankedRow({ prediction, now_ms }: { prediction: Ranked; now_ms: number }) {
  const { spark, severity } = prediction;
  return (
    <li class={`ranked row ${severity}${prediction.stale ? " stale" : ""}`}>
      <span class="badges">
        <SeverityPill prediction={prediction} />
        {prediction.stale && <StalePill />}
        {"suppressed" in prediction && prediction.suppressed && (
          <Pill tone="muted" title="an event says that nobody is to be alarmed of it now">
            suppressed
          </Pill>
        )}
      </span>
      <span class="what">
        <a href={linkOf(prediction)} data-row>
          {entityName(prediction.entity)}
        </a>
        <small>{subject(prediction)}</small>
        <OtherLabels labels={prediction.labels} entity={prediction.entity} />
      </span>
      <span class="when">
        {prediction.kind === "capacity" ? (
          <RunsOut prediction={prediction} now_ms={now_ms} />
        ) : (
          <Breaks danger={prediction} now_ms={now_ms} />
        )}
      </span>
      <Chances prediction={prediction} />
      <span class="spark">
        {spark != null && "series" in prediction && (
          <SparkChart
            spark={spark}
            step_ms={prediction.step_ms}
            limit={prediction.kind === "capacity" ? prediction.limit : prediction.threshold}
            label={`course of ${prediction.metric}, forecast and limit`}
            stamp={`${prediction.origin_ms} ${spark.t_ms.at(-1)}`}
          />
        )}
      </span>
    </li>
  );
}

function RunsOut({ prediction, now_ms }: { prediction: Capacity; now_ms: number }) {
  const unit = unitOf(prediction.metric, prediction.transform);
  const used = usedShare(prediction);
  const level =
    used === null
      ? `${quantity(prediction.level, unit)}, limit ${quantity(prediction.limit, unit)}`
      : `${percent(Math.min(used, 1))} of ${quantity(prediction.limit, unit)}`;
  const p50_ms = prediction.exhausted_at_p50_ms;
  return (
    <>
      <strong>{exhaustion(prediction, now_ms)}</strong>
      <small>
        {p50_ms !== null && prediction.gap > 0 && `${fromNow(p50_ms, now_ms)} · `}
        {level}
        {p50_ms !== null && !prediction.eta_supported && (
          <abbr title={`further ahead than the ${Math.round(prediction.supported_h)} h of history`}>
            {" "}
            · extrapolated
          </abbr>
        )}
      </small>
    </>
  );
}

function Breaks({ danger, now_ms }: { danger: Danger; now_ms: number }) {
  return (
    <>
      <strong>{outlook(danger)}</strong>
      <small>{danger.kind === "objective" ? budget(danger, now_ms) : trackRecord(danger)}</small>
    </>
  );
}

function subject(prediction: Ranked): string {
  if (prediction.kind === "capacity") return prediction.metric;
  return condition(prediction);
}

function linkOf(prediction: Ranked): string {
  if ("series" in prediction) return seriesLink(prediction.series);
  const labels = Object.entries(prediction.labels).map(([name, value]) => `${name}=${value}`);
  return linkTo("series", null, { q: labels.join(" ") });
}
