import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDuplicateIds, readRule } from '../../src/rules/read';

const folder = join(__dirname, '../../../shared/rules');
const paths = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
  : [];

/** Rules as users bring them. They are not part of this repository, so the test runs only where they lie beside it. */
(paths.length > 0 ? describe : describe.skip)('real rules', () => {
  const read = paths.map((name) => readRule(readFileSync(join(folder, name), 'utf8'), name, { hunting: true }));

  it('reads every one without an error', () => {
    expect(read.flatMap((file) => file.problems.filter((problem) => problem.severity === 'error'))).toEqual([]);
    expect(read.every((file) => file.rule !== undefined)).toBe(true);
    expect(findDuplicateIds(read)).toEqual([]);
  });

  it('finds every character of every query again in its file', () => {
    for (const { file, rule, queryPosition } of read) {
      const lines = readFileSync(join(folder, file), 'utf8').split(/\r?\n/);
      const query = rule!.query;
      for (let offset = 0; offset < query.length; offset++) {
        if (/\s/.test(query[offset]!)) continue;
        const { line, column } = queryPosition(offset);
        if (lines[line - 1]![column - 1] !== query[offset])
          throw new Error(`${file}: offset ${offset} is not at ${line}:${column}`);
      }
    }
  }, 60_000);

  it('tells hunting queries and NRT rules apart', () => {
    const kinds = new Map(read.map(({ file, rule }) => [file.split('/').at(-1), rule!.kind]));
    expect(kinds.get('FileExecutionWithOneCharacterInTheName.yaml')).toBe('Hunting');
    expect(kinds.get('NRT_base64_encoded_pefile.yaml')).toBe('NRT');
    expect(kinds.get('lateral-movement-via-dcom.yaml')).toBe('Scheduled');
  });

  it('refuses a hunting query unless asked', () => {
    const name = paths.find((each) => each.endsWith('FileExecutionWithOneCharacterInTheName.yaml'))!;
    const { rule, problems } = readRule(readFileSync(join(folder, name), 'utf8'), name);
    expect(rule).toBeUndefined();
    expect(problems.map((problem) => problem.code)).toEqual(['hunting-query']);
  });
});
