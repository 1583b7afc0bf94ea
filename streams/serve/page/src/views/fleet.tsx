/** The health of what makes the predictions: how far it has read, what it refused, how its forecasts fare. */

import type { ForecastQuality, Status } from "../api/types";
import { Pill, QualityPill } from "../parts/pill";
import { Empty, Skeleton } from "../parts/states";
import { away } from "../state/connection";
import { linkTo } from "../state/route";
import { inFull, span } from "../text/moment";
import { isBehind } from "../text/standing";
import { Title } from "./title";

const QUALITIES: readonly ForecastQuality[] = ["ok", "warming", "unfit", "stale"];

export function FleetView({ status }: { status: Status | null }) {
  return (
    <>
      <Title text="Fleet" />
      {status === null ? <Waiting /> : <Health status={status} />}
    </>
  );
}

function Waiting() {
  return away.value === null ? <Skeleton /> : <Empty title="Nothing to show yet: the server does not answer" />;
}

function Health({ status }: { status: Status }) {
  return (
    <div class="cards">
      <EventTime status={status} />
      <Forecasts status={status} />
      <Reading status={status} />
      <Rejects status={status} />
    </div>
  );
}

function EventTime({ status }: { status: Status }) {
  const { behind_ms } = status;
  return (
    <section class="card">
      <h2>Event time</h2>
      {status.event_time_ms === 0 ? (
        <p>Nothing has been read yet.</p>
      ) : (
        <>
          <p class="big">
            <Age status={status} />
          </p>
          <dl class="facts">
            <dt>newest sample</dt>
            <dd>{inFull(status.event_time_ms)}</dd>
            <dt>behind</dt>
            <dd>{span(behind_ms)}</dd>
            <dt>now is</dt>
            <dd>{status.now === "wall" ? "the clock of the server" : "the newest sample's time"}</dd>
          </dl>
        </>
      )}
      <dl class="facts">
        <dt>model</dt>
        <dd>{status.model ?? "–"}</dd>
        <dt>version</dt>
        <dd>{status.version}</dd>
      </dl>
    </section>
  );
}

function Age({ status }: { status: Status }) {
  // What has come meanwhile nobody knows while the topics can't be read.
  if (!status.ready) return <Pill tone="coming">not kept up to date</Pill>;
  if (isBehind(status)) return <Pill tone="coming">{span(status.behind_ms)} behind</Pill>;
  return <Pill tone="good">up to date</Pill>;
}

function Forecasts({ status }: { status: Status }) {
  const all = Math.max(1, status.series);
  return (
    <section class="card">
      <h2>Forecasts by what came</h2>
      <p class="big">
        {status.series.toLocaleString("en-US")} <small>series</small>
      </p>
      <div class="stack" aria-hidden="true">
        {QUALITIES.map((quality) => (
          <span
            key={quality}
            class={quality}
            style={{ width: `${(100 * (status.by_quality[quality] ?? 0)) / all}%` }}
          />
        ))}
      </div>
      <dl class="facts">
        {QUALITIES.map((quality) => (
          <>
            <dt>
              <QualityPill quality={quality} />
            </dt>
            <dd>
              <a href={linkTo("series", null, { quality })} data-row>
                {(status.by_quality[quality] ?? 0).toLocaleString("en-US")}
              </a>
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function Reading({ status }: { status: Status }) {
  return (
    <section class="card">
      <h2>Topics that this server reads</h2>
      <p>{status.ready ? <Pill tone="good">caught up</Pill> : <Pill tone="coming">catching up</Pill>}</p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <th scope="col">Records left to read</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(status.topics).map(([name, { lag_records }]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{lag_records === null ? "–" : lag_records.toLocaleString("en-US")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Rejects({ status }: { status: Status }) {
  const reasons = Object.entries(status.rejects).sort(([, a], [, b]) => b - a);
  return (
    <section class="card">
      <h2>Refused rows, by reason</h2>
      {reasons.length === 0 ? (
        <p>
          <Pill tone="good">none</Pill>
        </p>
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Rows</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(([reason, rows]) => (
              <tr key={reason}>
                <th scope="row">{reason}</th>
                <td class="number">{rows.toLocaleString("en-US")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
