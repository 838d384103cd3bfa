import { deflateRawSync, gzipSync } from 'node:zlib';
import type { Random } from '../support/random';

type Mutation = (body: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const at = (body: Buffer, random: Random): number => random.below(body.length + 1);
const text = (change: (text: string, random: Random) => string): Mutation => {
  return (body, random) => Buffer.from(change(body.toString('utf8'), random));
};
/** Puts something in the place of one random match. */
const replaceOne = (pattern: RegExp, by: (random: Random, found: string) => string): Mutation =>
  text((body, random) => {
    const found = [...body.matchAll(pattern)];
    if (found.length === 0) return body;
    const match = random.pick(found);
    return body.slice(0, match.index) + by(random, match[0]) + body.slice(match.index + match[0].length);
  });

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  'TimeGenerated',
  'Type',
  'records',
  'EventID',
  '\\u0000',
  '\\ud800',
];
const VALUES = [
  'null',
  'true',
  '0',
  '-0',
  '1e999',
  '-1e999',
  '9223372036854775808',
  '123456789012345678901234567890',
  '0.1',
  '""',
  '"\\ud800"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"polluted":1}}',
  '"0001-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.9999999Z"',
  '"2026-02-30T00:00:00Z"',
  '"NaN"',
  'NaN',
  'Infinity',
  "'x'",
  '"\\u0000"',
  '1'.repeat(400),
];
const ENTITIES =
  '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd"><!ENTITY % p "<!ENTITY e \'&c;&c;\'>">%p;]>';
const EXTERNAL = '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">';
/** Not UTF-8: overlong, half a surrogate pair, beyond Unicode, bytes that never occur, a sequence cut off. */
const INVALID_UTF8 = [
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xff, 0xfe],
  [0xe2, 0x82],
];
let bomb: Buffer | undefined;
/** 200 MB that a message has room for. */
const gzipBomb = (): Buffer => {
  bomb ??= gzipSync(Buffer.alloc(200_000_000, 'a'), { level: 9 });
  return bomb;
};

/** What is done to messages, by name. Each gives another body and keeps none. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bit flips': (body, random) => {
    const copy = Buffer.from(body);
    for (let i = 1 + random.below(8); i > 0 && copy.length > 0; i--)
      copy[random.below(copy.length)]! ^= 1 << random.below(8);
    return copy;
  },
  truncation: (body, random) => body.subarray(0, at(body, random)),
  'lost head': (body, random) => body.subarray(at(body, random)),
  'lost part': (body, random) => {
    const from = at(body, random);
    return Buffer.concat([body.subarray(0, from), body.subarray(from + random.below(200))]);
  },
  splice: (body, random, others) => {
    const other = random.pick(others);
    return Buffer.concat([body.subarray(0, at(body, random)), other.subarray(at(other, random))]);
  },
  'random bytes': (_, random) => Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
  'deep nesting': (body, random) => {
    const depth = 1 + random.below(random.pick([10, 200, 20_000]));
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['{"records":[', ']}'],
      ['<a>', '</a>'],
    ] as const);
    return Buffer.concat([Buffer.from(open.repeat(depth)), body, Buffer.from(close.repeat(random.below(2) * depth))]);
  },
  'huge string': replaceOne(
    /"[^"\\]{0,40}"/g,
    (random) =>
      `"${random.pick(['x', '\\u00e9', '<', '&amp;', ' ', '\\\\'])}${random.pick(['x', '\\n', 'é', '">']).repeat(random.pick([100, 5_000, 5_000, 120_000]))}"`,
  ),
  'duplicate key': replaceOne(/"[A-Za-z]+":/g, (random, found) => `${found}${random.pick(VALUES)},${found}`),
  'another key': replaceOne(/"[A-Za-z]+":/g, (random) => `"${random.pick(KEYS)}":`),
  'another value': replaceOne(/:(?:"(?:[^"\\]|\\.)*"|\d+)/g, (random) => `:${random.pick(VALUES)}`),
  'another encoding': (body, random) => {
    const plain = body.toString('utf8');
    switch (random.below(8)) {
      case 0:
        return Buffer.from(plain, 'utf16le');
      case 1:
        return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(plain, 'utf16le')]);
      case 2:
        return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(plain, 'utf16le').swap16()]);
      case 3:
        return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]);
      case 4:
        return Buffer.from(plain, 'latin1');
      case 5:
        return Buffer.from(plain, 'utf16le').swap16();
      case 6: {
        const where = random.below(body.length + 1);
        return Buffer.concat([body.subarray(0, where), Buffer.from(random.pick(INVALID_UTF8)), body.subarray(where)]);
      }
      default:
        return Buffer.from(plain.replaceAll('e', '\u0000e').slice(0, 4000));
    }
  },
  compression: (body, random) => {
    if (random.chance(2)) return gzipBomb();
    const packed = random.pick([gzipSync, deflateRawSync])(random.chance(3) ? Buffer.alloc(3_000_000, 'a') : body, {
      level: 1,
    });
    return random.chance(30) ? packed.subarray(0, at(packed, random)) : packed;
  },
  'XML bomb': (body, random) => {
    const inner = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>${random.pick(['&c;', '1', '&d;', '&#x31;', '&#1114112;'])}</EventID></System><EventData><Data Name="${random.pick(['a', '__proto__', '&b;'])}">&c;</Data></EventData></Event>`;
    const bomb = `${random.pick([ENTITIES, EXTERNAL, '', '<?xml version="1.0" encoding="utf-7"?>'])}${inner}`;
    return random.chance(50)
      ? Buffer.from(bomb)
      : Buffer.from(JSON.stringify({ records: [{ xml: bomb, Type: 'Event', EventData: bomb }, body.length] }));
  },
  'XML attributes': replaceOne(/<Data Name=/g, (random) => `<Data ${'a="1" '.repeat(random.below(2_000))}Name=`),
  separators: replaceOne(/[{},:[\]]/g, (random, found) => random.pick(['', found + found, '\n', ',', '}', '{', '"'])),
};

/** A message changed in one to three ways, with the names of them. */
export function mutated(bodies: readonly Buffer[], random: Random): { body: Buffer; ways: string[] } {
  const names = Object.keys(MUTATIONS);
  const ways: string[] = [];
  let body = random.pick(bodies);
  for (let i = random.pick([1, 1, 1, 2, 3]); i > 0; i--) {
    const way = random.pick(names);
    ways.push(way);
    body = MUTATIONS[way]!(body, random, bodies);
    // No message of a hub is larger.
    if (body.length > 1_000_000) body = body.subarray(0, 1_000_000);
  }
  return { body, ways };
}
