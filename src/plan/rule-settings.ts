import type { Position } from './position';

/** A KQL predicate and where it was written. */
export interface Exclusion extends Position {
  predicate: string;
}

/** What is set per rule outside its YAML. */
export interface RuleSettings {
  /** Off: the rule is checked but not run. Default true. */
  enabled: boolean;
  /** How long after the end of a window it is evaluated, in milliseconds. Default 5 minutes, Sentinel's own delay. */
  graceMs: number;
  /** Send an alert within a minute of its match and revise it when the window closes. Default false. */
  early: boolean;
  /** Evaluate and record alerts, but send none. Default false. */
  shadow: boolean;
  /**
   * Take functions of which Kusto's algorithm is not published, such as series_outliers(), as Outrider computes them. Only there where it
   * was set: a rule that does without keeps its plan. Default: a rule that uses one is refused.
   */
  approximate?: true;
  /** KQL predicates on the result: a result row that one of them holds for gives no alert. Default none. */
  exclusions: Exclusion[];
  caps: {
    /** Alerts of one run, from 1 to 150. Default 150, Sentinel's limit. */
    alerts: number;
    /** Result rows carried in one alert. Default 1000. */
    results: number;
  };
  /** Names of the sinks that alerts go to; undefined: all that are configured. */
  sinks?: string[];
}

export const DEFAULT_SETTINGS: RuleSettings = Object.freeze({
  enabled: true,
  graceMs: 5 * 60_000,
  early: false,
  shadow: false,
  exclusions: [],
  caps: Object.freeze({ alerts: 150, results: 1_000 }),
});
