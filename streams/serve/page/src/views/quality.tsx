/** How the forecasts fare, the worst first: skill, coverage, and how both change with the horizon. */

import { useResource } from "../api/resource";
import type { Page, Quality } from "../api/types";
import { Choice } from "../parts/choice";
import { Listed } from "../parts/listed";
import { cursor } from "../parts/pager";
import { Pill, QualityPill } from "../parts/pill";
import { SeriesName } from "../parts/series_name";
import { Empty } from "../parts/states";
import { listQuery } from "../state/filter";
import { route } from "../state/router";
import { bandWidth, percent, skill } from "../text/chance";
import { span } from "../text/moment";
import { Title } from "./title";

export function QualityView() {
  const query = route.value.query;
  const asked = listQuery(query.get("q") ?? "", { quality: query.get("quality"), limit: 50, cursor: cursor() });
  const page = useResource<Page<Quality>>(`/quality?${asked}`, ["forecast"]);
  return (
    <>
      <Title text="Quality of forecasts">
        <Choice
          name="quality"
          label="quality"
          options={[
            ["", "All"],
            ["unfit", "Unfit"],
            ["warming", "Warming"],
            ["ok", "Ok"],
          ]}
        />
      </Title>
      <p class="lead">
        Skill is the share of seasonal naive's loss that a forecast saves; below zero it is worse. An 80 % band should
        hold 80 % of what comes. The worst come first, series that leave nothing to foresee last.
      </p>
      <Listed
        of={page}
        empty={
          <Empty title="No forecast has been judged">
            <p>Forecasts are compared with what comes: the first needs one horizon of time.</p>
          </Empty>
        }
      >
        {(items) => <Table items={items} />}
      </Listed>
    </>
  );
}

function Table({ items }: { items: readonly Quality[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Series</th>
          <th scope="col">Forecast</th>
          <th scope="col">Skill</th>
          <th scope="col">By horizon</th>
          <th scope="col">In its 80 % band</th>
          <th scope="col">Bands</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.series}>
            <th scope="row">
              <SeriesName series={one.series} entity={one.entity} labels={one.labels} row />
            </th>
            <td>
              <QualityPill quality={one.quality} />
            </td>
            <td class="number" data-name="skill">
              {skill(one.skill)}
            </td>
            <td data-name="by horizon">
              <ByHorizon quality={one} />
            </td>
            <td class="number" data-name="in band">
              <Coverage share={one.coverage_80} />
            </td>
            <td>{one.constant ? <Constant /> : bandWidth(one.coverage_80)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Constant() {
  return (
    <Pill tone="muted" title="it has not changed, or only repeated itself: there was nothing to foresee">
      constant
    </Pill>
  );
}

/** The skill of each horizon, the nearest first: up is better than seasonal naive. */
export function ByHorizon({ quality }: { quality: Quality }) {
  const told = quality.skill_by_horizon.map((value, place) => {
    const ahead = span((quality.horizon_steps[place] ?? 0) * quality.step_ms);
    return `${skill(value)} ${ahead} ahead`;
  });
  return (
    <span class="horizons" role="img" aria-label={`skill: ${told.join(", ")}`}>
      {quality.skill_by_horizon.map((value, place) => (
        <span
          key={quality.horizon_steps[place]}
          class={value === null ? "unknown" : value < 0 ? "worse" : "better"}
          style={{ "--size": Math.min(1, Math.abs(value ?? 0)) }}
          title={told[place]}
        />
      ))}
    </span>
  );
}

function Coverage({ share }: { share: number | null }) {
  return (
    <span class="coverage">
      {percent(share)}
      <span class="gauge" aria-hidden="true">
        <span style={{ width: `${100 * (share ?? 0)}%` }} />
      </span>
    </span>
  );
}
