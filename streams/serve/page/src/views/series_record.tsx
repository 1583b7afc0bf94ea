import type { SeriesPage } from "../api/types";
import { held } from "../charts/coverage";
import { PastChart } from "../charts/past";
import { bandWidth, percent, skill } from "../text/chance";
import { ByHorizon } from "./quality";

/** What was forecast beside what came, and what follows from it. */
export function RecordCard({ page }: { page: SeriesPage }) {
  const { quality_record: quality, forecast, past } = page;
  const seen = held(past);
  return (
    <section class="card" data-card="record">
      <h2>What was forecast, and what came</h2>
      {seen.of === 0 ? (
        <p class="soft">No earlier forecast has been compared with what came yet.</p>
      ) : (
        <PastChart page={page} />
      )}
      <dl class="facts">
        <dt>in the 80 % band, as drawn</dt>
        <dd>{seen.of === 0 ? "–" : `${percent(seen.held / seen.of)} of ${seen.of}`}</dd>
        <dt>the newer half of them</dt>
        <dd>{seen.of_lately === 0 ? "–" : `${percent(seen.held_lately / seen.of_lately)} of ${seen.of_lately}`}</dd>
        <dt>over its whole memory</dt>
        <dd>
          {percent(forecast?.coverage_80)},{" "}
          {quality?.constant ? "constant" : `bands ${bandWidth(forecast?.coverage_80)}`}
        </dd>
        <dt>skill over seasonal naive</dt>
        <dd>{skill(forecast?.skill)}</dd>
        {quality !== null && (
          <>
            <dt>by horizon</dt>
            <dd>
              <ByHorizon quality={quality} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
