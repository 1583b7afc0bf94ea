import type { Ranked } from "../api/types";
import { cellPercent, percent } from "../text/chance";
import { chances, SPANS, type Span } from "../text/danger";

const WORDS: Record<Span, string> = {
  "15m": "15 minutes",
  "1h": "an hour",
  "6h": "6 hours",
  "1d": "a day",
  "7d": "7 days",
  "30d": "30 days",
};

/** The probability within each span, as a strip of cells: the fuller, the likelier. */
export function Chances({ prediction }: { prediction: Ranked }) {
  const known = chances(prediction);
  return (
    <ul class="chances" aria-label="probability in percent, by span">
      {SPANS.map((span) => {
        const share = known[span];
        if (share === undefined) return <li key={span} class="unknown" aria-hidden="true" />;
        return (
          <li
            key={span}
            class={share >= 0.5 ? "likely" : ""}
            style={{ "--p": share }}
            title={`${percent(share)} within ${WORDS[span]}`}
          >
            <span class="span" aria-hidden="true">
              {span}
            </span>
            <span class="hidden">{`${percent(share)} within ${WORDS[span]}`}</span>
            <span class="figure" aria-hidden="true">
              {cellPercent(share)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
