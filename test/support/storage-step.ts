/**
 * Names what a request to the storage is for, as a step of the protocol: `commit State`, `read Control/rule`, `put checkpoint` …;
 * undefined for those that are not part of it. Keys are those of src/state/keys.ts, src/engine and src/alerts/delivery.
 */
export function storageStep(kind: 'table' | 'blob', method: string, path: string, body: Buffer): string | undefined {
  if (kind === 'blob') {
    if (method !== 'PUT') return undefined;
    if (path.includes('/checkpoint/')) return 'write checkpoint';
    if (path.includes('/ownership/')) return 'claim partition';
    return path.includes('dead-letters') ? 'write dead letter body' : undefined;
  }
  const plain = decodeURIComponent(path);
  const table = (text: string): string => /Outrider([A-Z][A-Za-z]+?)(?:'|\(|$|\?|\s)/.exec(text)?.[1] ?? 'other';
  if (method === 'POST' && plain.endsWith('/Tables')) return undefined;
  if (method === 'POST' && plain.endsWith('$batch')) {
    const text = body.toString('latin1');
    const line = /^(POST|PUT|PATCH|MERGE|DELETE) http\S+/m.exec(text);
    const target = decodeURIComponent(line?.[0] ?? '');
    const partition = /PartitionKey='([^']*)'/.exec(target)?.[1] ?? /"PartitionKey":"([^"]*)"/.exec(text)?.[1] ?? '';
    const row = /RowKey='([^']*)'/.exec(target)?.[1] ?? /"RowKey":"([^"]*)"/.exec(text)?.[1] ?? '';
    const verb = line?.[1] === 'DELETE' ? 'delete' : 'write';
    return `${verb} ${what(table(target.replace(/[?].*/, '')), partition, row)}${/"phase":"(\w+)"/.exec(text)?.[1] ?? ''}`;
  }
  if (method !== 'GET') return undefined;
  const filter = /PartitionKey ge '([^']*)'/.exec(plain.replaceAll('+', ' '))?.[1];
  if (filter !== undefined) return `query ${what(table(plain), filter, '')}`;
  const keys = /PartitionKey='([^']*)',RowKey='([^']*)'/.exec(plain);
  return `read ${what(table(plain), keys?.[1] ?? '', keys?.[2] ?? '')}`;
}

function what(table: string, partition: string, row: string): string {
  if (table === 'State') return row === '!' ? 'mark' : row === '' ? 'state' : 'group';
  if (table === 'DeadLetters') return 'dead letter';
  const part = /^[a-z]+/.exec(partition)?.[0] ?? '';
  if (table === 'Control') return part === 'rule' ? 'cursor' : part === 'late' ? 'late note' : part;
  if (part === 'pending') return 'pending note';
  const kinds: Readonly<Record<string, string>> = { w: 'window ', a: 'alert', d: 'delivery mark' };
  return kinds[row[0] ?? ''] ?? 'windows';
}
