import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadWorkspace } from '../../src/rules/workspace';
import { ATTACKS, LISTED_PROCESSES } from '../support/attack-events';
import { fire } from '../support/firing';
import { randomOf } from '../support/random';

const RULES = join(__dirname, '../../../shared/rules/sentinel');

const lists = {
  get: () => ({ text: LISTED_PROCESSES, sha256: '0', fetchedAt: '2026-01-01T00:00:00.000Z' }),
  load: async () => undefined,
};

/** Rules as users bring them, over events of our own that each of them looks for. It runs only where the rules lie beside the repository. */
(existsSync(RULES) ? describe : describe.skip)('real rules over what they look for', () => {
  it('find on the stream what their queries find, each of them something', async () => {
    const workspace = await loadWorkspace({
      rules: [RULES],
      tables: [join(__dirname, '../../tables')],
      hunting: true,
      lists,
    });
    for (const seed of [1, 2]) {
      const rules = workspace.rules.flatMap(({ plan, query, file }) => {
        const name = basename(file.file);
        const events = ATTACKS[name];
        return plan && query && events ? [{ plan, query, name, events: events(randomOf(seed)) }] : [];
      });
      expect(rules.length).toBeGreaterThan(10);
      const { differences, rows, letters } = await fire(rules, seed);
      expect(differences).toEqual([]);
      expect([...rows].filter(([, count]) => count === 0)).toEqual([]);
      expect(letters).toBe(0);
    }
  }, 300_000);
});
