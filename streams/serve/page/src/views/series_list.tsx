/** Which series there are: searched and paged at the server. */

import { useResource } from "../api/resource";
import type { Page, SeriesItem } from "../api/types";
import { Choice } from "../parts/choice";
import { Instant } from "../parts/instant";
import { Listed } from "../parts/listed";
import { cursor } from "../parts/pager";
import { QualityPill, StalePill } from "../parts/pill";
import { SeriesName } from "../parts/series_name";
import { Empty } from "../parts/states";
import { listQuery } from "../state/filter";
import { route } from "../state/router";
import { percent, skill } from "../text/chance";
import { quantity, unitOf } from "../text/quantity";
import { Title } from "./title";

export function SeriesListView() {
  const query = route.value.query;
  const asked = listQuery(query.get("q") ?? "", { quality: query.get("quality"), limit: 50, cursor: cursor() });
  const page = useResource<Page<SeriesItem>>(`/series?${asked}`, ["forecast"]);
  return (
    <>
      <Title text="Series">
        <Choice
          name="quality"
          label="quality"
          options={[
            ["", "All"],
            ["ok", "Ok"],
            ["warming", "Warming"],
            ["unfit", "Unfit"],
            ["stale", "Stale"],
          ]}
        />
      </Title>
      <Listed of={page} empty={<Empty title="No series matches" />}>
        {(items) => <Table items={items} />}
      </Listed>
    </>
  );
}

function Table({ items }: { items: readonly SeriesItem[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Series</th>
          <th scope="col">Last value</th>
          <th scope="col">Last sample</th>
          <th scope="col">Forecast</th>
          <th scope="col">Skill</th>
          <th scope="col">In its 80 % band</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.series} class={item.stale ? "stale" : ""}>
            <th scope="row">
              <SeriesName series={item.series} entity={item.entity} labels={item.labels} row />
            </th>
            <td class="number" data-name="last">
              {quantity(item.last_value, unitOf(item.metric))}
            </td>
            <td data-name="at">
              {item.last_sample_at_ms !== null && <Instant at_ms={item.last_sample_at_ms} relative />}
            </td>
            <td>
              <QualityPill quality={item.quality} /> {item.stale && <StalePill />}
            </td>
            <td class="number" data-name="skill">
              {skill(item.skill)}
            </td>
            <td class="number" data-name="in band">
              {percent(item.coverage_80)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
