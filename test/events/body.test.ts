import { decode } from '../../src/events/decode';

const reasonOf = (body: Uint8Array) => {
  const { records, rejected } = decode({ body });
  expect(records).toEqual([]);
  return rejected.map(({ reason, detail }) => `${reason}: ${detail}`);
};

describe('a body that is no text says what it is', () => {
  it.each([
    ['28b52ffd04', 'Zstandard'],
    ['04224d1864', 'LZ4'],
    ['ff060000734e61507059', 'Snappy (framed)'],
    ['82534e41505059000000', 'Snappy (xerial)'],
    ['4f626a0104', 'Avro'],
    ['504b0304', 'ZIP'],
  ])('%s is %s', (hex, name) => {
    expect(reasonOf(Buffer.from(hex, 'hex'))).toEqual([
      `unknown-shape: the body is ${name}, which is not read: send it plain or as gzip`,
    ]);
  });

  it.each([
    ['Protobuf of OpenTelemetry', Buffer.from('0a9b040a1b0a190a', 'hex')],
    ['Snappy without a frame', Buffer.from('d20ff0ff7b2245', 'hex')],
  ])('%s', (_name, body) => {
    expect(reasonOf(body)).toEqual([expect.stringContaining('the body is no text')]);
  });

  it('and a text with a bad byte is one', () => {
    const bad = Buffer.concat([
      Buffer.from([0xff]),
      Buffer.from('{"Type":"T","TimeGenerated":"2026-03-14T14:31:07Z"}'),
    ]);
    expect(reasonOf(bad)[0]).toContain('unknown-shape');
    const body = Buffer.concat([
      Buffer.from('{"Type":"T","TimeGenerated":"2026-03-14T14:31:07Z","x":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expect(decode({ body }).records).toHaveLength(1);
  });
});
