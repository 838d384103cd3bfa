import { useCallback, useEffect, useState } from 'preact/hooks';
import { get } from './api';

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: string | undefined;
  again(): void;
}

/**
 * What an address of the API answers; read again every `everyMs` where that is given, as long as the page is in sight. What was read stays
 * while it is read again.
 */
export function useLoad<T>(path: string | undefined, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ path?: string; data?: T; error?: string }>({});
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => {
    if (path === undefined) return;
    const aborter = new AbortController();
    let timer: number | undefined;
    const read = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          const data = await get<T>(path, aborter.signal);
          setState({ path, data });
        } catch (error) {
          if (aborter.signal.aborted) return;
          setState((old) => ({ ...(old.path === path ? old : { path }), error: (error as Error).message }));
        }
      }
      if (everyMs !== undefined && !aborter.signal.aborted) timer = window.setTimeout(read, everyMs);
    };
    void read();
    return () => {
      aborter.abort();
      window.clearTimeout(timer);
    };
  }, [path, everyMs, turn]);
  const isOwn = state.path === path;
  return { data: isOwn ? state.data : undefined, error: isOwn ? state.error : undefined, again };
}
