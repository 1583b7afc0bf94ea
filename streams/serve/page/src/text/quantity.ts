/** Values in the unit that their metric's name ends with. */

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const THOUSANDS = ["", "k", "M", "G", "T", "P"];
const DIGITS = 3;
const DECIMALS_MAX = 8;
const STEP_TOLERANCE = 0.01;
const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** Of binary units, hundreds are round in the next one: an eighth, a quarter, a half. */
const ROUND_BINARY = [1, 2, 5, 10, 20, 50, 128, 256, 512];
const DECADES = [-12, -9, -6, -3, 0, 3, 6, 9, 12, 15, 18].map((power) => 10 ** power);
/** Beyond these, powers of ten say more than zeros. */
const PLAIN_MIN = 1e-4;
/** What is left of sums that cancel out is smaller. */
const NOTHING_SHARE = 1e-6;

export interface Unit {
  /** The power of what a step of the prefix is, and the prefixes' names. */
  base: number;
  names: readonly string[];
  suffix: string;
  /** How much of the first name's unit one of the metric's is. */
  scale: number;
}

const PLAIN: Unit = { base: 1000, names: THOUSANDS, suffix: "", scale: 1 };
const BYTES: Unit = { base: 1024, names: BINARY, suffix: "", scale: 1 };
const PERCENT: Unit = { base: 1, names: [" %"], suffix: "", scale: 1 };

const UNITS: readonly [RegExp, Unit][] = [
  [/(_|^)bytes(_|$)/, BYTES],
  [/(_|^)kb$/i, { ...BYTES, scale: 1024 }],
  [/(_|^)(percent|pct)$/, PERCENT],
  [/(_|^)(ms|milliseconds)$/, { base: 1000, names: ["ms", "s"], suffix: "", scale: 1 }],
  [/(_|^)seconds$/, { base: 1, names: ["s"], suffix: "", scale: 1 }],
  [/(_|^)celsius$/, { base: 1, names: ["°C"], suffix: "", scale: 1 }],
  [/_per_second$/, { ...PLAIN, suffix: "/s" }],
];

/** The unit of a metric; a counter's rate is so much a second. */
export function unitOf(metric: string, transform: string | null = null): Unit {
  const found = UNITS.find(([pattern]) => pattern.test(metric))?.[1] ?? PLAIN;
  return transform === "rate_per_s" ? { ...found, suffix: "/s" } : found;
}

/** A value with its unit: `179 GiB`, `41.5 %`, `0.0031`. */
export function quantity(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const power = powerOf(value, unit);
  return withPower(value, unit, power);
}

/** From one value to another; a bound that is nothing beside the other is 0. */
export function range(low: number, high: number, unit: Unit): string {
  const nothing = NOTHING_SHARE * Math.max(Math.abs(low), Math.abs(high));
  const told = (bound: number) => quantity(Math.abs(bound) < nothing ? 0 : bound, unit);
  return `${told(low)} to ${told(high)}`;
}

/** The values of an axis, all with the same prefix and as many decimals as tell them apart. */
export function axisLabels(values: readonly number[], unit: Unit): string[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  const power = powerOf(largest, unit);
  const step = values.length > 1 ? Math.abs((values[1] ?? 0) - (values[0] ?? 0)) : largest;
  const scaledStep = (step * unit.scale) / unit.base ** power;
  const decimals = decimalsOf(scaledStep);
  return values.map((value) => {
    const scaled = (value * unit.scale) / unit.base ** power;
    return glued(scaled.toFixed(decimals), unit, power);
  });
}

/** Distances that an axis' values may have, so that they are round in the unit that is shown. */
export function roundSteps(unit: Unit): number[] {
  const binary = unit.base === 1024;
  const powers = binary ? unit.names.map((_, power) => 1024 ** power) : DECADES;
  const round = binary ? ROUND_BINARY : ROUND;
  return powers.flatMap((power) => round.map((times) => (times * power) / unit.scale)).sort((a, b) => a - b);
}

/** How many decimals it takes to tell multiples of a step apart, to a hundredth of it. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < DECIMALS_MAX; decimals += 1) {
    const shifted = step * 10 ** decimals;
    if (shifted > 0.5 && Math.abs(shifted - Math.round(shifted)) < STEP_TOLERANCE * shifted) return decimals;
  }
  return step === 0 ? 0 : DECIMALS_MAX;
}

function powerOf(value: number, unit: Unit): number {
  const size = Math.abs(value) * unit.scale;
  if (unit.base === 1 || size < unit.base) return 0;
  const power = Math.floor(Math.log(size) / Math.log(unit.base) + 1e-9);
  return Math.min(power, unit.names.length - 1);
}

function withPower(value: number, unit: Unit, power: number): string {
  return glued(rounded((value * unit.scale) / unit.base ** power), unit, power);
}

/** Three digits that count, and no zeros behind them. */
export function rounded(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < PLAIN_MIN) return value.toExponential(1);
  if (size >= 1000) return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  return String(Number(value.toPrecision(DIGITS)));
}

function glued(text: string, unit: Unit, power: number): string {
  const name = `${unit.names[power] ?? ""}${unit.suffix}`.trim();
  if (name === "") return text;
  return /^[kMGTP]?(\/s)?$/.test(name) && !name.startsWith("/") ? `${text}${name}` : `${text} ${name}`;
}
