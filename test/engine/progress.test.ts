import { ProgressWriter, readProgress, watermarkOf } from '../../src/engine/progress';
import { MemoryStore } from '../../src/state/memory';

const tables = { state: 'state', alerts: 'alerts', control: 'control' };
const source = { namespace: 'n', hub: 'h', partition: '0', incarnation: 'i' };
const at = (sequenceNumber: number) => ({ sequenceNumber, enqueuedTime: 1000 * sequenceNumber });

describe('progress', () => {
  it('is that of the last batch, however soon it came after the one before', async () => {
    const store = new MemoryStore();
    const writer = new ProgressWriter({ store, tables });
    await writer.note(source, at(1), 0);
    await writer.note(source, at(2), 1);
    const progress = await readProgress(store, tables.control);
    expect(watermarkOf([{ source, lastSequenceNumber: 2 }], progress)).toBe(Number.POSITIVE_INFINITY);
    expect(watermarkOf([{ source, lastSequenceNumber: 3 }], progress)).toBe(2000);
  });

  it('never goes back: a process that lost the partition and is late changes nothing', async () => {
    const store = new MemoryStore();
    const [slow, fast] = [new ProgressWriter({ store, tables }), new ProgressWriter({ store, tables })];
    await slow.note(source, at(1), 0);
    await fast.note(source, at(2), 0);
    await fast.note(source, at(3), 0);
    await slow.note(source, at(2), 0);
    expect([...(await readProgress(store, tables.control)).values()]).toEqual([at(3)]);
    await slow.note(source, at(4), 0);
    expect([...(await readProgress(store, tables.control)).values()]).toEqual([at(4)]);
  });

  it('knows a hub that was created anew from the one before', async () => {
    const store = new MemoryStore();
    const writer = new ProgressWriter({ store, tables });
    await writer.note(source, at(90), 0);
    await writer.note({ ...source, incarnation: 'next' }, at(0), 0);
    const progress = await readProgress(store, tables.control);
    const end = { source: { ...source, incarnation: 'next' }, lastSequenceNumber: 1 };
    expect(watermarkOf([end], progress)).toBe(0);
  });
});
