import type { Capacity } from "../api/types";
import { CrossingChart } from "../charts/crossing_chart";
import { Chances } from "../parts/chances";
import { Instant } from "../parts/instant";
import { SeverityPill } from "../parts/severity_pill";
import { now } from "../state/clock";
import { brier, percent } from "../text/chance";
import { exhaustion, usedShare } from "../text/exhaustion";
import { HOUR_MS, span } from "../text/moment";
import { quantity, unitOf } from "../text/quantity";

/** When a limit is reached, as a distribution, with its own record. */
export function CapacityCard({ prediction }: { prediction: Capacity }) {
  const unit = unitOf(prediction.metric, prediction.transform);
  const used = usedShare(prediction);
  return (
    <section class="card" data-card="capacity">
      <h2>
        Runs out: {prediction.rule} <SeverityPill prediction={prediction} />
      </h2>
      <p class="big">{exhaustion(prediction, now.value)}</p>
      <Chances prediction={prediction} />
      <CrossingChart prediction={prediction} />
      <dl class="facts">
        <dt>level and limit</dt>
        <dd>
          {quantity(prediction.level, unit)} of {quantity(prediction.limit, unit)}
          {used !== null && ` (${percent(Math.min(1, used))})`}
        </dd>
        <dt>drift</dt>
        <dd>{quantity(prediction.drift_per_h, unit)} an hour</dd>
        <Quantile name="no sooner than (p10)" at_ms={prediction.exhausted_at_p10_ms} />
        <Quantile name="as likely before as after (p50)" at_ms={prediction.exhausted_at_p50_ms} />
        <Quantile name="by then (p90)" at_ms={prediction.exhausted_at_p90_ms} />
        <dt>history</dt>
        <dd>
          {span(prediction.supported_h * HOUR_MS)}
          {!prediction.eta_supported && ", less than what is foretold: an extrapolation"}
        </dd>
      </dl>
      <Record prediction={prediction} />
    </section>
  );
}

function Quantile({ name, at_ms }: { name: string; at_ms: number | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {at_ms === null ? (
          "not within the horizon"
        ) : (
          <>
            <Instant at_ms={at_ms} />, <Instant at_ms={at_ms} relative />
          </>
        )}
      </dd>
    </>
  );
}

function Record({ prediction }: { prediction: Capacity }) {
  return (
    <details>
      <summary>How earlier predictions fared</summary>
      <div class="scroll">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Within</th>
              <th scope="col">Settled</th>
              <th scope="col">Brier</th>
              <th scope="col">of the frequency</th>
              <th scope="col">Expert</th>
            </tr>
          </thead>
          <tbody>
            {prediction.horizons_h.map((hours, at) => (
              <tr key={hours}>
                <th scope="row">{span(hours * HOUR_MS)}</th>
                <td class="number">{prediction.looks_settled[at]}</td>
                <td class="number">{brier(prediction.brier[at] ?? null)}</td>
                <td class="number">{brier(prediction.base_brier[at] ?? null)}</td>
                <td>{prediction.experts[at]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
