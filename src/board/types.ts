/** What the board's API answers: plain JSON, times in ms since 1970 unless an alert says them itself. */

/** What this board can do, asked once by the page. */
export interface SessionView {
  /** `local`: npm start. `remote`: beside a deployed app. `app`: served by the app itself. */
  readonly host: 'local' | 'remote' | 'app';
  readonly name: string;
  readonly mode: 'live' | 'replay';
  /** Dead letters can be sent again, with the token. */
  readonly canWrite: boolean;
  /** Queries can be tried and events followed through rules. */
  readonly hasWorkbench: boolean;
  /** Rules can be saved, with the token. */
  readonly canSave: boolean;
  /** Events of the last minutes are at hand for the workbench. */
  readonly hasSample: boolean;
  /** What was evaluated before the page was opened, where the host has watched. */
  readonly readings: readonly ReadingView[];
  /** What changes is pushed at `live`; else each answer of it is one event, and the browser asks again after a while. */
  readonly isLive: boolean;
}

/** How many messages were evaluated, at a time. */
export interface ReadingView {
  readonly at: number;
  readonly messages: number;
}

export interface HealthView {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
}

/** How far a partition has been evaluated. */
export interface PartitionView {
  readonly id: string;
  /** Of the last message evaluated; -1: none. */
  readonly sequenceNumber: number;
  /** When the hub took that message in; 0: unknown. */
  readonly enqueuedTime: number;
  /** Of the last message in the hub; absent: the hub was not asked. */
  readonly lastSequenceNumber?: number;
}

export interface WindowView {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly start: number;
  readonly end: number;
  /** When it is to be run; absent: as soon as a flush comes (a replay). */
  readonly dueAt?: number;
  /** `open`: takes events. `grace`: ended, late events are awaited. `due`: the next flush runs it. `waiting`: for partitions that are behind. */
  readonly state: 'open' | 'grace' | 'due' | 'waiting';
  /** Held for it; absent: not counted. */
  readonly held?: Held;
}

export interface Held {
  readonly groups: number;
  readonly rows: number;
  /** Rows that came through the first stages and were counted: the kept ones, and those that groups are made of. */
  readonly matches: number;
}

export interface NowView {
  readonly at: number;
  readonly health: HealthView;
  readonly partitions: readonly PartitionView[];
  readonly rules: number;
  /** The next to close first. */
  readonly windows: readonly WindowView[];
  /** Windows that are open beyond those. */
  readonly moreWindows: number;
  readonly held: Held & { readonly more: boolean };
  readonly pending: readonly { readonly sink: string; readonly windows: number; readonly failures: number }[];
  readonly deadLetters: { readonly count: number; readonly more: boolean };
  readonly alerts: { readonly count: number; readonly more: boolean };
  readonly latest: readonly AlertRow[];
}

export interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly kind: string;
  readonly version?: string;
  readonly isEnabled: boolean;
  readonly isShadow: boolean;
  readonly frequencyMs: number;
  readonly periodMs: number;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly sources: readonly string[];
  /** End of the last window that was run. */
  readonly lastWindow?: number;
  readonly overdueMs?: number;
  /** Window end of the last alert within what was looked at. */
  readonly lastAlert?: number;
  readonly alerts: number;
}

export interface RuleView {
  readonly row: RuleRow;
  readonly query: string;
  readonly description: string;
  /** A RulePage, as `outrider explain --json` prints it; absent: the build left none. */
  readonly page?: unknown;
  /** The page is of another version of the rule than the one that runs. */
  readonly isOtherVersion: boolean;
  readonly window?: WindowView;
}

/** State held of a rule by pane, the oldest first. */
export interface MarksView {
  readonly ruleId: string;
  readonly paneMs: number;
  readonly panes: readonly (Held & { readonly start: number })[];
  /** There is more: so many state partitions were looked at, and no further ones. */
  readonly more: boolean;
}

/** What the flush would be given if the window closed now. */
export interface GroupsView {
  readonly start: number;
  readonly end: number;
  readonly legs: readonly {
    readonly kind: 'groups' | 'rows';
    readonly columns: readonly { readonly name: string; readonly type: string; readonly isKey: boolean }[];
    readonly rows: readonly (readonly unknown[])[];
  }[];
  readonly more: boolean;
}

export interface AlertRow {
  readonly ruleId: string;
  readonly windowEnd: number;
  readonly id: string;
  readonly revision: number;
  readonly isWithdrawn: boolean;
  readonly isIncomplete: boolean;
  readonly name: string;
  readonly severity: string;
  /** ISO 8601. */
  readonly start: string;
  readonly end: string;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  /** The main entity. */
  readonly entity: string;
  readonly results: number;
}

export interface AlertsView {
  readonly alerts: readonly AlertRow[];
  /** Alerts of the time asked for; those beyond the limit are counted too. */
  readonly count: number;
  readonly more: boolean;
}

/** All revisions that are kept, the first one first: alert records as they were delivered. */
export interface AlertView {
  readonly ruleId: string;
  /** Absent: the rule is not deployed (any more). */
  readonly ruleName?: string;
  readonly revisions: readonly Readonly<Record<string, unknown>>[];
}

export interface LetterRow {
  readonly id: string;
  readonly reason: string;
  readonly detail: string;
  readonly ruleId?: string;
  readonly source: string;
  readonly partition: string;
  readonly sequenceNumber: number;
  readonly record: number;
  readonly enqueuedTime: number;
  readonly length: number;
  readonly isWholeMessage: boolean;
}

export interface LettersView {
  readonly letters: readonly LetterRow[];
  readonly next?: string;
}

export interface LetterView extends LetterRow {
  readonly storedAt: number;
  /** The first of it, as text. */
  readonly body: string;
  /** It is no text: these are its bytes in hexadecimal. */
  readonly isBinary: boolean;
  readonly isCut: boolean;
}

export interface LetterCounts {
  readonly counts: readonly { readonly reason: string; readonly ruleId: string; readonly count: number }[];
  readonly more: boolean;
}

export interface ResentView {
  readonly id: string;
  readonly outcome: string;
  readonly detail?: string;
  readonly corrects: boolean;
}

/** A fault of a query, offsets in UTF-16 units. */
export interface QueryProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly start: number;
  readonly length: number;
}

export interface CheckView {
  readonly problems: readonly QueryProblem[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface CompletionView {
  /** Where what is typed begins. */
  readonly from: number;
  readonly items: readonly {
    readonly label: string;
    readonly apply: string;
    readonly kind: string;
    readonly after: string;
  }[];
}

export interface RunView extends CheckView {
  readonly rows: readonly (readonly unknown[])[];
  /** Rows of the result in all. */
  readonly count: number;
  /** Events read, of all tables. */
  readonly events: number;
  readonly tables: readonly { readonly name: string; readonly events: number }[];
  /** Messages that could not be read, by reason. */
  readonly unread: readonly { readonly reason: string; readonly count: number }[];
  readonly ms: number;
}

export interface FaultView {
  readonly error: string;
}
