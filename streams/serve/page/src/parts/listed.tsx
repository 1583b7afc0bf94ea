import type { ComponentChildren } from "preact";
import type { Resource } from "../api/resource";
import type { Page } from "../api/types";
import { Pager } from "./pager";
import { Loaded } from "./states";

/** While a list is awaited. */
const ROWS = 12;

interface ListedProps<T> {
  of: Resource<Page<T>>;
  /** Shown where the list is empty. */
  empty: ComponentChildren;
  children: (items: readonly T[]) => ComponentChildren;
}

/** A page of a list, with the way to the others. */
export function Listed<T>({ of, empty, children }: ListedProps<T>) {
  return (
    <Loaded of={of} rows={ROWS}>
      {({ items, next }) => (
        <>
          {items.length === 0 ? empty : children(items)}
          <Pager next={next} />
        </>
      )}
    </Loaded>
  );
}
