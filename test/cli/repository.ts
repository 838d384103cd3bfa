import { join } from 'node:path';
import { loadWorkspace, type Workspace } from '../../src/rules/workspace';

export const root = join(__dirname, '../..');
export const rulesOfRepository = join(root, 'rules');

export const openRepository = (): Promise<Workspace> =>
  loadWorkspace({ rules: [rulesOfRepository], tables: [join(root, 'tables')] });

export async function* bodies(texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}
