/** What is strange, the newest first. */

import { useResource } from "../api/resource";
import type { Anomaly, Page } from "../api/types";
import { Choice } from "../parts/choice";
import { Instant } from "../parts/instant";
import { Listed } from "../parts/listed";
import { cursor } from "../parts/pager";
import { Pill } from "../parts/pill";
import { SeriesName } from "../parts/series_name";
import { Empty } from "../parts/states";
import { now } from "../state/clock";
import { listQuery } from "../state/filter";
import { route } from "../state/router";
import { finding } from "../text/anomaly";
import { span } from "../text/moment";
import { Title } from "./title";

export function AnomaliesView() {
  const query = route.value.query;
  const asked = listQuery(query.get("q") ?? "", { state: query.get("state"), limit: 50, cursor: cursor() });
  const page = useResource<Page<Anomaly>>(`/anomalies?${asked}`, ["anomaly"]);
  return (
    <>
      <Title text="Anomalies">
        <Choice
          name="state"
          label="state"
          options={[
            ["", "All"],
            ["open", "Open"],
            ["closed", "Closed"],
          ]}
        />
      </Title>
      <Listed
        of={page}
        empty={
          <Empty title="Nothing strange">
            <p>An ordinary series has one anomaly in four weeks, unless the settings say else.</p>
          </Empty>
        }
      >
        {(items) => <Table items={items} />}
      </Listed>
    </>
  );
}

function Table({ items }: { items: readonly Anomaly[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Series</th>
          <th scope="col">What is strange</th>
          <th scope="col">Since</th>
          <th scope="col">For</th>
          <th scope="col">Score</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={`${one.series} ${one.anomaly} ${one.start_ms}`}>
            <th scope="row">
              <SeriesName series={one.series} entity={one.entity} labels={one.labels} row />
            </th>
            <td>{finding(one)}</td>
            <td data-name="since">
              <Instant at_ms={one.start_ms} />
            </td>
            <td data-name="for">{span((one.end_ms ?? now.value) - one.start_ms)}</td>
            <td class="number" data-name="score">
              {one.score.toFixed(3)}
            </td>
            <td>
              {one.state === "open" ? <Pill tone="soon">open</Pill> : <Pill tone="muted">closed</Pill>}{" "}
              {one.suppressed && <Pill tone="muted">suppressed</Pill>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
