import { useEffect, useState } from 'preact/hooks';
import type { MarksView } from '../../src/board/types';
import { apiPath, get } from '../lib/api';

const EVERY_MS = 5_000;

/** What rules in sight hold, by rule: those that left it are not asked for. */
export function useMarks(ids: readonly string[]): ReadonlyMap<string, MarksView> {
  const [marks, setMarks] = useState<ReadonlyMap<string, MarksView>>(new Map());
  const key = ids.join();
  useEffect(() => {
    if (key === '') return;
    const aborter = new AbortController();
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const path = `${apiPath('marks')}?rules=${encodeURIComponent(key)}`;
        const { marks: found } = await get<{ marks: readonly MarksView[] }>(path, aborter.signal);
        setMarks((old) => new Map([...old, ...found.map((one) => [one.ruleId, one] as const)]));
      } catch {
        // The page itself says that nothing answers.
      }
    };
    void read();
    const timer = window.setInterval(read, EVERY_MS);
    return () => {
      aborter.abort();
      window.clearInterval(timer);
    };
  }, [key]);
  return marks;
}
