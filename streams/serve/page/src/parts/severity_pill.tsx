import type { Ranked } from "../api/types";
import { isNew, severityWord } from "../text/severity";
import { Pill } from "./pill";

/** How grave a prediction is; of a series' first day the probabilities say so, for its status waits. */
export function SeverityPill({ prediction }: { prediction: Ranked }) {
  const word = severityWord(prediction);
  return (
    <>
      {word !== null && <Pill tone={prediction.severity}>{word}</Pill>}
      {isNew(prediction) && (
        <Pill tone="muted" title="less than a day of history: until there is more, a rise may be what comes every day">
          new
        </Pill>
      )}
    </>
  );
}
