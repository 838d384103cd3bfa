import { createHash } from 'node:crypto';
import type { Host } from './hosts';

const WORKSPACE = '7f3a1c52-4b1d-4e0a-9a86-2f9d5f0c1b11';
const GROUP = '/subscriptions/0f2c9f7e-6a55-4f0e-8a1c-000000000001/resourcegroups';
const TITLES: Record<number, string> = {
  1: 'Process Create',
  3: 'Network connection detected',
  5: 'Process terminated',
  7: 'Image loaded',
  10: 'Process accessed',
  11: 'File created',
  12: 'Registry object added or deleted',
  13: 'Registry value set',
  22: 'Dns query',
  23: 'File Delete archived',
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Time as Windows writes it: 100 ns, UTC. The last four digits come from the event's number. */
export const ticks = (time: number, number: number): string =>
  `${new Date(time).toISOString().slice(0, -1)}${String((number * 7919) % 10_000).padStart(4, '0')}Z`;

export const utcTime = (time: number): string => new Date(time).toISOString().replace('T', ' ').slice(0, -1);

/**
 * A Sysmon event as Log Analytics exports its `Event` row: keys in ordinal order.
 * @param data the event's fields in the order of Sysmon's manifest
 */
export function eventRow(
  host: Host,
  eventId: number,
  time: number,
  number: number,
  data: readonly (readonly [string, string])[],
): Record<string, unknown> {
  const generated = ticks(time, number);
  const fields = data.map(([name, value]) => `<Data Name="${name}">${escapeXml(value)}</Data>`).join('');
  const digest = createHash('sha256').update(`${host.computer} ${generated} ${number}`).digest('hex');
  return {
    Computer: host.computer,
    EventCategory: eventId,
    EventData: `<DataItem Type="System.XmlData" time="${generated}" sourceHealthServiceId="${host.healthService}"><EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${fields}</EventData></DataItem>`,
    EventID: eventId,
    EventLevel: 4,
    EventLevelName: 'Information',
    EventLog: 'Microsoft-Windows-Sysmon/Operational',
    MG: '00000000-0000-0000-0000-000000000001',
    ManagementGroupName: `AOI-${WORKSPACE}`,
    RenderedDescription: [`${TITLES[eventId]}:`, ...data.map(([name, value]) => `${name}: ${value}`)].join('\r\n'),
    Source: 'Microsoft-Windows-Sysmon',
    SourceSystem: 'OpsManager',
    TenantId: WORKSPACE,
    TimeGenerated: generated,
    Type: 'Event',
    UserName: 'NT AUTHORITY\\SYSTEM',
    _Internal_WorkspaceResourceId: `${GROUP}/rg-soc/providers/microsoft.operationalinsights/workspaces/law-soc`,
    _ItemId: [
      digest.slice(0, 8),
      digest.slice(8, 12),
      digest.slice(12, 16),
      digest.slice(16, 20),
      digest.slice(20, 32),
    ].join('-'),
    _ResourceId: `${GROUP}/rg-hosts/providers/microsoft.compute/virtualmachines/${host.computer.split('.')[0]!.toLowerCase()}`,
  };
}
