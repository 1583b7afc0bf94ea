/** The colours of charts: those of the style sheet, for a canvas can't ask for variables itself. */

export interface Palette {
  ink: string;
  faint: string;
  grid: string;
  data: string;
  fan: string;
  limit: string;
  alarm: string;
}

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    faint: colour("ink-soft"),
    grid: colour("line-soft"),
    data: colour("data"),
    fan: colour("fan"),
    limit: colour("limit"),
    alarm: colour("now"),
  };
}

/** A colour of the palette, as transparent as `alpha` says. */
export function translucent(colour: string, alpha: number): string {
  return `${colour}${Math.round(255 * alpha)
    .toString(16)
    .padStart(2, "0")}`;
}
