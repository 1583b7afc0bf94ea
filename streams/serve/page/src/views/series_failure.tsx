import type { Failure } from "../api/types";
import { Chances } from "../parts/chances";
import { SeverityPill } from "../parts/severity_pill";
import { brier, percent } from "../text/chance";
import { condition, outlook, trackRecord } from "../text/danger";
import { span } from "../text/moment";

/** How likely a rule is broken, and whether such predictions were worth listening to. */
export function FailureCard({ prediction }: { prediction: Failure }) {
  return (
    <section class="card" data-card="failure">
      <h2>
        Fails: {prediction.rule} <SeverityPill prediction={prediction} />
      </h2>
      <p class="big">{outlook(prediction)}</p>
      <p class="soft">{condition(prediction)}</p>
      <Chances prediction={prediction} />
      <dl class="facts">
        <dt>its record</dt>
        <dd>{trackRecord(prediction)}</dd>
        <dt>Brier score, and that of the frequency</dt>
        <dd>
          {brier(prediction.brier)}, {brier(prediction.base_brier)}
        </dd>
        <dt>warnings that were right</dt>
        <dd>{percent(prediction.precision)}</dd>
        <dt>failures that had a warning</dt>
        <dd>{percent(prediction.recall)}</dd>
        <dt>how long before</dt>
        <dd>{prediction.lead_p50_ms === null ? "–" : `about ${span(prediction.lead_p50_ms)}`}</dd>
      </dl>
    </section>
  );
}
