import type { SettingName } from '../src/config';
import { APP_DEFAULTS } from '../src/plan/defaults';

export interface LocalSettings {
  storage: string;
  eventHubs: string;
  hub: string;
  consumerGroup: string;
  /** File that alerts are appended to. */
  alertsFile?: string;
}

/** The settings of the deployed app, as they are on a laptop: this is the one place where the local programs name them. */
export function localSettings(local: LocalSettings): Partial<Record<SettingName, string>> {
  return {
    AzureWebJobsStorage: local.storage,
    OUTRIDER_STORAGE: local.storage,
    EventHubConnection: local.eventHubs,
    EVENT_HUB_NAME: local.hub,
    EVENT_HUB_CONSUMER_GROUP: local.consumerGroup,
    FLUSH_SCHEDULE: APP_DEFAULTS.flushSchedule,
    ...(local.alertsFile === undefined
      ? { OUTRIDER_SINKS: 'stdout' }
      : { OUTRIDER_SINKS: 'file', ALERTS_FILE: local.alertsFile }),
  };
}
