import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

/** A view's heading; the window is named after it, too. */
export function Title({ text, children }: { text: string; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${text} · foreshock`;
  }, [text]);
  return (
    <div class="title">
      <h1>{text}</h1>
      {children}
    </div>
  );
}
