import type { Alert } from '../../src/alerts/alert';

/** An alert record as it was delivered. */
export type AlertRecord = Alert;
