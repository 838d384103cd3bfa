import { createRuntime, preparePipeline, staysEmpty } from '../../../src/kql';
import { compiledPlan } from '../../support/stream';

const rowsOf = (text: string): number =>
  preparePipeline(compiledPlan(text)).run(createRuntime({ now: 0n })).rows.length;
const stays = (text: string): boolean => staysEmpty(compiledPlan(text), () => true);

describe('staysEmpty', () => {
  it.each([
    'T | where TimeGenerated > ago(90s) | summarize count() by a | extend at = now()',
    'T | join kind=leftouter (U) on a | sort by a asc | extend n = row_number()',
    'union T, (U | distinct a) | mv-expand d',
    'T | make-series count() on TimeGenerated step 1h by a',
    'T | join kind=fullouter (U) on a',
    'T | partition by a (count)',
  ])('is sure of %s', (text) => {
    expect(stays(text)).toBe(true);
    expect(rowsOf(text)).toBe(0);
  });

  it.each([
    'T | count',
    'T | summarize n = count() | where n == 0',
    'T | union (print a = "x")',
    'T | join kind=rightanti (datatable(a:string)["host"]) on a',
    'datatable(a:string)["host"] | join kind=leftanti (T) on a',
    'T | getschema',
  ])('is not sure of %s, which gives rows of nothing', (text) => {
    expect(stays(text)).toBe(false);
    expect(rowsOf(text)).toBeGreaterThan(0);
  });
});
