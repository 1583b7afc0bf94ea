import { refine, route } from "../state/router";

/** Pages of a list: the server holds the list, the address the way that was taken through it. */
export function Pager({ next }: { next: string | null }) {
  const way = wayTaken();
  if (next === null && way.length === 0) return null;
  return (
    <nav class="pager" aria-label="pages">
      <button type="button" disabled={way.length === 0} onClick={() => refine({ way: way.slice(0, -1).join(" ") })}>
        ← before
      </button>
      <span>page {way.length + 1}</span>
      <button type="button" disabled={next === null} onClick={() => refine({ way: [...way, next ?? ""].join(" ") })}>
        next →
      </button>
    </nav>
  );
}

/** The cursor of the page that is shown. */
export function cursor(): string | null {
  return wayTaken().at(-1) ?? null;
}

function wayTaken(): string[] {
  return (route.value.query.get("way") ?? "").split(" ").filter((one) => one !== "");
}
