import { useEffect, useRef } from "preact/hooks";
import { linkTo, type View } from "../state/route";
import { refine, route } from "../state/router";

const FILTERED: readonly View[] = ["next", "series", "anomalies", "quality"];
const TYPING_MS = 250;

/** One box for all lists: it narrows the list that is shown, or looks for series where none is. */
export function Search() {
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { view, one, query } = route.value;
  const typed = query.get("q") ?? "";
  const narrows = one === null && FILTERED.includes(view);
  useEffect(() => {
    if (box.current !== null && document.activeElement !== box.current) box.current.value = typed;
  }, [typed, view]);
  const apply = () => {
    clearTimeout(timer.current);
    const wanted = box.current?.value.trim() ?? "";
    if (narrows) refine({ q: wanted, way: "" });
    else location.hash = linkTo("series", null, wanted === "" ? {} : { q: wanted });
  };
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply();
          box.current?.blur();
        }}
      >
        <label class="hidden" for="search">
          Search by words or labels
        </label>
        <input
          id="search"
          ref={box}
          type="search"
          placeholder="host-02  team=shop"
          autocomplete="off"
          spellcheck={false}
          onInput={() => {
            clearTimeout(timer.current);
            if (narrows) timer.current = setTimeout(apply, TYPING_MS);
          }}
        />
        <kbd>/</kbd>
      </form>
    </search>
  );
}
