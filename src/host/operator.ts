import type { TokenCredential } from '@azure/identity';
import type { OperatorConfig } from '../config';
import type { DeadLetters } from '../deadletters/dead-letters';
import { DEFAULTS, type LogEvent, Resender, type TableNames } from '../engine';
import type { EntityStore } from '../state/store';
import { TableStore } from '../state/table';
import { openCredential } from './credential';
import { deadLetterStore, deadLetterWriter } from './dead-letters';
import { openPlans } from './open-plans';

/** The storage of an app, for work beside it. */
export interface AppStorage {
  readonly store: EntityStore;
  readonly tables: TableNames;
  readonly letters: DeadLetters;
  /** Absent with a connection string. */
  readonly credential?: TokenCredential;
}

export const tableNames = (prefix: string): TableNames => ({
  state: `${prefix}State`,
  alerts: `${prefix}Alerts`,
  control: `${prefix}Control`,
});

export async function openStorage(
  config: Pick<OperatorConfig, 'storage' | 'tablePrefix' | 'clientId'>,
): Promise<AppStorage> {
  const { storage, tablePrefix } = config;
  const credential = storage.connectionString === undefined ? await openCredential(config) : undefined;
  const store = new TableStore({
    connectionString: storage.connectionString,
    endpoint: storage.tableServiceUri,
    credential,
  });
  return {
    store,
    tables: tableNames(tablePrefix),
    letters: deadLetterStore(config, store, credential),
    ...(credential ? { credential } : {}),
  };
}

/** Dead letters are sent again with the plans, the mode and the bounds of the app. Throws Error where its plans cannot be run. */
export async function openResender(
  config: OperatorConfig,
  { store, tables, letters, credential }: AppStorage,
  log: (event: LogEvent) => void,
): Promise<Resender> {
  const plans = await openPlans(config, credential, log);
  const options = {
    ...DEFAULTS,
    ...plans.options,
    store,
    tables,
    sinks: [],
    deadLetters: deadLetterWriter(letters),
    mode: config.mode,
    decode: { defaultTable: config.defaultTable },
    maxLateMs: config.maxLateMs,
    maxAheadMs: config.maxAheadMs,
    log,
  };
  return new Resender(options, letters);
}
