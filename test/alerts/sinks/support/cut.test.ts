import { fieldsOf } from '../../../../src/alerts/sinks/sink';
import { CUT_FIELD, cutAlert, cutValue, jsonBytes } from '../../../../src/alerts/sinks/support/cut';
import { alertWith } from '../alerts';

describe('cutValue', () => {
  it('leaves what fits', () => {
    expect(cutValue('x'.repeat(98), 100)).toBeUndefined();
    expect(cutValue(null, 100)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['a text', 'x'.repeat(500)],
    ['a text of wide characters', '😀'.repeat(100)],
    ['a text that JSON makes longer', '\u0001'.repeat(100)],
    ['an array', Array.from({ length: 90 }, (_, i) => ({ i }))],
    ['an array of one large element', [{ text: 'x'.repeat(500) }]],
    ['an object', Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`k${i}`, i]))],
    ['an object with a large name', { ['n'.repeat(500)]: 1, a: 2 }],
    ['deep arrays', JSON.parse(`${'['.repeat(300)}1${']'.repeat(300)}`)],
  ])('cuts %s to the size asked for', (_name, value) => {
    const cut = cutValue(value, 200);
    expect(jsonBytes(cut?.value)).toBeLessThanOrEqual(200);
    expect(cut!.kept).toBeLessThanOrEqual(cut!.of);
    expect(Array.isArray(cut?.value)).toBe(Array.isArray(value));
    expect(typeof cut?.value).toBe(typeof value);
  });

  it('keeps the first elements, and says how many', () => {
    const { value, kept, of } = cutValue(
      Array.from({ length: 90 }, (_, i) => i),
      100,
    )!;
    expect(value).toEqual(Array.from({ length: kept }, (_, i) => i));
    expect([kept > 20, of]).toEqual([true, 90]);
  });

  it('does not halve a character', () => {
    for (let bytes = 64; bytes < 72; bytes++) expect(cutValue('😀'.repeat(100), bytes)?.value).toMatch(/^(?:😀)+…$/u);
  });
});

describe('cutAlert', () => {
  it('cuts the results first and says so', () => {
    const results = Array.from({ length: 1000 }, (_, i) => ({ CommandLine: `cmd ${i} ${'x'.repeat(200)}` }));
    const alert = alertWith('a', { AlertName: 'name', Description: 'd'.repeat(5000), Results: results });
    const small = cutAlert(alert, 100_000)!;
    const fields = fieldsOf(small);
    expect(jsonBytes(small)).toBeLessThanOrEqual(100_000);
    expect(jsonBytes(small)).toBeGreaterThan(95_000);
    expect(fields).toMatchObject({ SystemAlertId: 'a', Revision: 1, AlertName: 'name', Description: 'd'.repeat(5000) });
    const kept = (fields.Results as unknown[]).length;
    expect(fields[CUT_FIELD]).toEqual({ Results: { kept, of: 1000 } });
    expect(fields.Results).toEqual(results.slice(0, kept));
    expect(cutAlert(small, 100_000)).toBeUndefined();
  });

  it('cuts whatever else is large', () => {
    const alert = alertWith('a', {
      Results: [{ a: 1 }],
      Entities: [{ n: 'x'.repeat(300_000) }],
      Description: 'd'.repeat(300_000),
    });
    const small = cutAlert(alert, 16_384)!;
    expect(jsonBytes(small)).toBeLessThanOrEqual(16_384);
    expect(fieldsOf(small).Results).toEqual([{ a: 1 }]);
    expect(Object.keys(fieldsOf(small)[CUT_FIELD] as object).sort()).toEqual(['Description', 'Entities']);
  });
});
