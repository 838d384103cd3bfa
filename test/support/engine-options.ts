import { DEFAULTS } from '../../src/engine';
import type { EngineOptions } from '../../src/engine/types';
import type { EntityStore } from '../../src/state/store';

/** An engine by the wall clock, with no plans and no sinks, that keeps no dead letters and no log; and what is changed of that. */
export const engineOptions = (store: EntityStore, changes: Partial<EngineOptions> = {}): EngineOptions => ({
  ...DEFAULTS,
  plans: [],
  store,
  tables: { state: 'state', alerts: 'alerts', control: 'control' },
  sinks: [],
  deadLetters: { write: async () => undefined },
  mode: 'live',
  log: () => undefined,
  ...changes,
});
