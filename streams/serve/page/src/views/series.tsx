/** One series: its course, what is forecast, when a limit is reached, and how earlier forecasts fared. */

import { useState } from "preact/hooks";
import { type Resource, useResource } from "../api/resource";
import type { SeriesPage } from "../api/types";
import { SeriesChart } from "../charts/series";
import { Instant } from "../parts/instant";
import { QualityPill, StalePill } from "../parts/pill";
import { Empty, Loaded } from "../parts/states";
import { now } from "../state/clock";
import { linkTo } from "../state/route";
import { finding } from "../text/anomaly";
import { DAY_MS, HOUR_MS, span } from "../text/moment";
import { entityName, labelsOf, metricOf, otherLabels } from "../text/names";
import { quantity, unitOf } from "../text/quantity";
import { CapacityCard } from "./series_capacity";
import { FailureCard } from "./series_failure";
import { RecordCard } from "./series_record";
import { Title } from "./title";

/** How far back the chart looks: what the server holds, or a time that it has to read anew. */
const LOOKBACKS: readonly [string, number | null][] = [
  ["Newest", null],
  ["6 h", 6 * HOUR_MS],
  ["1 day", DAY_MS],
  ["3 days", 3 * DAY_MS],
  ["7 days", 7 * DAY_MS],
];

/** The most that the API gives at once. */
const SAMPLES_MAX = 10_000;

export function SeriesView({ series }: { series: string }) {
  const [lookback_ms, setLookback] = useState<number | null>(null);
  const [newest_ms, setNewest] = useState(0);
  const query = new URLSearchParams({ series });
  if (lookback_ms !== null) {
    query.set("since_ms", String(newest_ms - lookback_ms));
    query.set("history", String(SAMPLES_MAX));
  }
  const page = useResource<SeriesPage>(`/series/one?${query}`, ["forecast", "capacity", "failure", "anomaly"]);
  const choose = (chosen_ms: number | null) => {
    setNewest(page.data?.history.t_ms.at(-1) ?? now.value);
    setLookback(chosen_ms);
  };
  return (
    <>
      <p class="crumbs">
        <a href={linkTo("series")}>Series</a> <span>{series}</span>
      </p>
      <Title text={`${entityName(entityOf(page, series))} ${metricOf(series)}`}>
        <Marks page={page} />
      </Title>
      {page.problem?.status === 413 && <Empty title="That is too much history for one question: choose less" />}
      {page.problem?.status === 404 ? (
        <Empty title="There is no such series">
          <p>It may have been idle for so long that it gave its place away, or this token may not see it.</p>
        </Empty>
      ) : (
        <Loaded of={page} rows={6}>
          {(one) => (
            <>
              <Facts page={one} />
              <section class="card">
                <fieldset class="choice">
                  <legend class="hidden">history</legend>
                  {LOOKBACKS.map(([words, back_ms]) => (
                    <button
                      key={words}
                      type="button"
                      aria-pressed={back_ms === lookback_ms}
                      onClick={() => choose(back_ms)}
                    >
                      {words}
                    </button>
                  ))}
                </fieldset>
                <SeriesChart page={one} />
                <Table page={one} />
              </section>
              <div class="cards">
                {one.capacity.map((prediction) => (
                  <CapacityCard key={prediction.rule} prediction={prediction} />
                ))}
                {one.failures.map((prediction) => (
                  <FailureCard key={prediction.rule} prediction={prediction} />
                ))}
                <RecordCard page={one} />
                <Anomalies page={one} />
              </div>
            </>
          )}
        </Loaded>
      )}
    </>
  );
}

function entityOf(page: Resource<SeriesPage>, series: string): string {
  return page.data?.entity ?? series;
}

function Marks({ page }: { page: Resource<SeriesPage> }) {
  const forecast = page.data?.forecast;
  if (page.data === null || forecast == null) return null;
  return (
    <span>
      <QualityPill quality={forecast.quality} /> {forecast.expires_at_ms < now.value && <StalePill />}
    </span>
  );
}

function Facts({ page }: { page: SeriesPage }) {
  const unit = unitOf(page.metric, page.transform);
  const last_ms = page.history.t_ms.at(-1);
  return (
    <p class="lead">
      {last_ms !== undefined && (
        <>
          <strong>{quantity(page.history.v.at(-1), unit)}</strong> <Instant at_ms={last_ms} relative />
          {", "}
        </>
      )}
      {page.step_ms !== null && `a sample every ${span(page.step_ms)}`}
      {[...labelsOf(page.entity ?? ""), ...otherLabels(page.labels, page.entity ?? "")].map(([name, value]) => (
        <a key={name} class="label" href={linkTo("series", null, { q: `${name}=${value}` })}>
          {name}={value}
        </a>
      ))}
    </p>
  );
}

/** The forecast in figures, for those who can't see the chart or want to copy it. */
function Table({ page }: { page: SeriesPage }) {
  const { forecast } = page;
  if (forecast === null)
    return <p class="soft">There is no forecast yet: one follows the series' second sample, once its step is known.</p>;
  const unit = unitOf(page.metric, page.transform);
  return (
    <details>
      <summary>The forecast in figures</summary>
      <div class="scroll">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Ahead</th>
              {forecast.levels.map((level) => (
                <th key={level} scope="col">
                  p{Math.round(100 * level)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {forecast.horizon_steps.map((steps, row) => (
              <tr key={steps}>
                <th scope="row">{span(steps * forecast.step_ms)}</th>
                {forecast.levels.map((level, column) => (
                  <td key={level} class="number">
                    {quantity(forecast.quantiles[row]?.[column], unit)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Anomalies({ page }: { page: SeriesPage }) {
  if (page.anomalies.length === 0) return null;
  return (
    <section class="card">
      <h2>What was strange</h2>
      <ul class="course">
        {page.anomalies.map((one) => (
          <li key={`${one.anomaly} ${one.start_ms}`}>
            <Instant at_ms={one.start_ms} /> {finding(one)}
            {one.state === "open" ? ", still so" : `, for ${span((one.end_ms ?? one.last_ms) - one.start_ms)}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
