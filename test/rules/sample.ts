/** A complete rule of our own that reads without a problem. */
export const SAMPLE = `id: 0b5a1a52-9d5e-4c53-8a3f-6a1f6e0d2c11
name: Sample rule
description: |
  'Finds what the tests look for.'
severity: Medium
status: Available
requiredDataConnectors:
  - connectorId: SecurityEvents
    dataTypes:
      - SecurityEvent
queryFrequency: 1h
queryPeriod: 1d
triggerOperator: gt
triggerThreshold: 0
tactics:
  - LateralMovement
relevantTechniques:
  - T1021.003
query: |
  Event
  | where EventID == 1
entityMappings:
  - entityType: Host
    fieldMappings:
      - identifier: FullName
        columnName: Computer
version: 1.0.0
kind: Scheduled
`;

/** The sample with one piece of text replaced; fails if the piece is not there. */
export function sampleWith(piece: string | RegExp, replacement: string): string {
  const changed = SAMPLE.replace(piece, replacement);
  if (changed === SAMPLE) throw new Error(`The sample has no ${piece}`);
  return changed;
}
