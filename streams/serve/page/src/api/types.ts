/** What the API answers, as far as the page reads it. Times are milliseconds since 1970, in event time. */

export type ForecastQuality = "ok" | "warming" | "unfit" | "stale";
export type CapacityStatus = "ok" | "filling" | "imminent" | "exhausted";
/** How grave a prediction is: the one scale that lists are ordered by, and that colours follow. */
export type Severity = "now" | "soon" | "coming" | "calm";

export interface Page<T> {
  items: T[];
  next: string | null;
  now_ms: number;
}

/** A stretch of a series and the forecast that continues it: `q*` belong to `f_ms`, `v` to `t_ms`. */
export interface Spark {
  t_ms: number[];
  v: number[];
  f_ms: number[];
  q10: number[];
  q50: number[];
  q90: number[];
}

interface Prediction {
  entity: string;
  labels: Record<string, string>;
  origin_ms: number;
  expires_at_ms: number;
  model: string;
  stale?: boolean;
  spark?: Spark | null;
}

/** What capacity and failures are ordered by, as the server says. */
interface Graded {
  severity: Severity;
  /** From 0 to 1: the order among those of one severity. */
  urgency: number;
}

interface SeriesPrediction extends Prediction {
  series: string;
  metric: string;
  step_ms: number;
  transform: string | null;
  samples_seen: number;
  suppressed: boolean;
}

export interface Forecast extends SeriesPrediction {
  kind: "forecast";
  horizon_steps: number[];
  levels: number[];
  quantiles: number[][];
  quality: ForecastQuality;
  skill: number | null;
  coverage_80: number | null;
}

export interface Quality extends SeriesPrediction {
  kind: "quality";
  quality: ForecastQuality;
  skill: number | null;
  coverage_80: number | null;
  horizon_steps: number[];
  skill_by_horizon: (number | null)[];
  coverage_80_by_horizon: (number | null)[];
  origins_by_horizon: number[];
  /** Seasonal naive was always right: there was nothing to foresee. */
  constant: boolean;
}

export interface Capacity extends SeriesPrediction, Graded {
  kind: "capacity";
  rule: string;
  direction: "up" | "down";
  limit: number;
  level: number;
  gap: number;
  status: CapacityStatus;
  p_within_1h: number;
  p_within_6h: number;
  p_within_24h: number;
  p_within_7d: number;
  p_within_30d: number;
  exhausted_at_p10_ms: number | null;
  exhausted_at_p50_ms: number | null;
  exhausted_at_p90_ms: number | null;
  eta_horizon_h: number;
  supported_h: number;
  eta_supported: boolean;
  drift_per_h: number;
  horizons_h: number[];
  experts: string[];
  looks_settled: number[];
  brier: (number | null)[];
  base_brier: (number | null)[];
}

/** How earlier predictions of a kind that breaks or not were settled. */
export interface TrackRecord {
  looks_settled: number;
  brier: number | null;
  base_brier: number | null;
  lead_p50_ms: number | null;
}

export interface Failure extends SeriesPrediction, Graded, TrackRecord {
  kind: "failure";
  rule: string;
  threshold: number;
  side: "above" | "below";
  for_ms: number;
  within_ms: number;
  probability: number;
  p_within_15m: number | null;
  p_within_1h: number;
  p_within_24h: number;
  breaking: boolean;
  is_prior: boolean;
  failures_seen: number;
  precision: number | null;
  recall: number | null;
}

export interface Driver {
  text: string;
  series: string;
  sign: string;
  share: number;
}

export interface Hazard extends Prediction, Graded, TrackRecord {
  kind: "hazard";
  hazard: string;
  within_ms: number;
  probability: number;
  failing: boolean;
  is_prior: boolean;
  drivers: Driver[];
  failures_seen: number;
}

export interface Objective extends Prediction, Graded, TrackRecord {
  kind: "objective";
  objective: string;
  target_percent: number;
  window_ms: number;
  budget_left: number;
  exhausted_at_ms: number | null;
  alerting: boolean;
  p_alert_within_15m: number | null;
  p_alert_within_1h: number | null;
  p_alert_within_24h: number;
  is_prior: boolean;
  alerts_seen: number;
  precision: number | null;
  recall: number | null;
}

export type Danger = Failure | Hazard | Objective;
export type Ranked = Capacity | Danger;

export interface Anomaly extends SeriesPrediction {
  kind: "anomaly";
  anomaly: "value" | "level_shift" | "variance" | "flat_line" | "missing" | "cadence";
  state: "open" | "closed";
  episode: string;
  start_ms: number;
  found_ms: number;
  last_ms: number;
  end_ms: number | null;
  peak_ms: number;
  score: number;
  value: number | null;
  expected_low: number | null;
  expected_high: number | null;
  factor: number | null;
}

export interface Member {
  entity: string;
  rank: number;
  score: number;
  since_ms: number;
  last_ms: number;
  predicted: boolean;
  series: { series: string; deviation: number }[];
  notices: string[];
}

export interface Incident {
  kind: "incident";
  id: string;
  scope: string;
  status: "open" | "updated" | "closed";
  predicted: boolean;
  opened_at_ms: number;
  updated_at_ms: number;
  closed_at_ms: number | null;
  members: Member[];
  members_beyond: number;
  text: string;
}

export interface IncidentCourse extends Incident {
  timeline: { at_ms: number; what: string; entity: string | null }[];
}

export interface SeriesItem {
  series: string;
  metric: string;
  labels: Record<string, string>;
  entity: string | null;
  step_ms: number | null;
  last_sample_at_ms: number | null;
  last_value: number | null;
  quality: ForecastQuality | null;
  skill: number | null;
  coverage_80: number | null;
  stale: boolean;
}

/** What was forecast one emission ahead, with its 80 % band, beside what came. */
export interface Past {
  t_ms: number[];
  q10: number[];
  q50: number[];
  q90: number[];
  came: (number | null)[];
}

export interface SeriesPage {
  series: string;
  metric: string;
  labels: Record<string, string>;
  entity: string | null;
  step_ms: number | null;
  history: { t_ms: number[]; v: number[] };
  /** `rate_per_s` where the metric is a counter: the history is that of its rate, too. */
  transform: string | null;
  forecast: Forecast | null;
  quality_record: Quality | null;
  capacity: Capacity[];
  failures: Failure[];
  anomalies: Anomaly[];
  past: Past;
}

export interface Status {
  now_ms: number;
  now: "wall" | "event";
  ready: boolean;
  /** Why it is not, as the end of a sentence. */
  waits_for: string | null;
  /** 0 before the first record. */
  event_time_ms: number;
  behind_ms: number;
  /** The shortest of the series' steps; `null` before the first forecast. */
  step_ms: number | null;
  series: number;
  by_quality: Partial<Record<ForecastQuality, number>>;
  counts: { capacity: number; failures: number; anomalies_open: number; incidents_open: number };
  /** Of capacity. */
  severities: Record<Severity, number>;
  rules: { capacity: number; failures: number; hazards: number; objectives: number };
  model: string | null;
  version: string;
  topics: Record<string, { lag_records: number | null }>;
  rejects: Record<string, number>;
}
