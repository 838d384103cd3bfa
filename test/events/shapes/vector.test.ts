import { dataOf, NS, rowOf } from './rows';

const record = {
  timestamp: '2026-03-14T14:31:07.123456700Z',
  event_id: 4624,
  level: 'Information',
  level_value: 0,
  provider_name: 'Microsoft-Windows-Security-Auditing',
  channel: 'Security',
  computer: 'ws',
  record_id: 1,
};
const event_data = { B: '2', A: '1', C: '1' };

it('values in a list beside the named ones give their order', () => {
  expect(dataOf({ ...record, event_data, string_inserts: ['1', '2', '1'] })).toBe(
    `<EventData xmlns="${NS}"><Data Name="A">1</Data><Data Name="B">2</Data><Data Name="C">1</Data></EventData>`,
  );
});

it('values that are in the list alone stand without names behind the others', () => {
  expect(dataOf({ ...record, event_data: { B: '2' }, string_inserts: ['x', 'y'] })).toBe(
    `<EventData xmlns="${NS}"><Data Name="B">2</Data><Data>x</Data><Data>y</Data></EventData>`,
  );
  expect(dataOf({ ...record, string_inserts: ['x'] })).toBe(`<EventData xmlns="${NS}"><Data>x</Data></EventData>`);
  expect(dataOf({ ...record, event_data: { B: '2' }, string_inserts: ['x'] })).toContain('<Data>x</Data>');
});

it('XML that was cut is no reason to lose the event', () => {
  const xml = `<Event xmlns='${NS}'><System><Provider Name='P'/><EventID>7</EventID><TimeCreated SystemTime='2026-03-14T14:31:07.1Z'/></System></Event>`;
  expect(rowOf({ ...record, event_data, xml }).EventID).toBe(7);
  expect(rowOf({ ...record, event_data, xml: `${xml.slice(0, 100)}...[truncated]` })).toMatchObject({
    EventID: 4624,
    EventLevel: 0,
    TimeGenerated: '2026-03-14T14:31:07.1234567Z',
  });
});

it('the same with Winlogbeat', () => {
  const winlog = { event_id: '7', provider_name: 'P', channel: 'C', event_data: { A: '1' } };
  const event = { '@timestamp': '2026-03-14T14:31:07Z', winlog, event: { original: '<Event><System>' } };
  expect(dataOf(event)).toContain('<Data Name="A">1</Data>');
});
