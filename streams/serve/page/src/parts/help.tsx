import { useEffect, useRef } from "preact/hooks";
import { helpShown, KEYS } from "../keys";
import { LEGEND } from "../text/legend";

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = helpShown.value;
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={() => (helpShown.value = false)}>
      <button type="button" class="close" onClick={() => (helpShown.value = false)}>
        Close
      </button>
      <div class="help">
        <section>
          <h2 id="help-title">Keys</h2>
          <dl class="keys">
            {KEYS.map(([key, does]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h2>What is shown</h2>
          <dl class="legend">
            {LEGEND.map(([name, means]) => (
              <div key={means}>
                <dt>{name}</dt>
                <dd>{means}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p class="soft">All times are UTC; hold the pointer on one for the time here.</p>
    </dialog>
  );
}
