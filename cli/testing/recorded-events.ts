import { basename } from 'node:path';
import { messageBodies } from '../io/input';
import type { CaseEvent } from './test-case';

/** Of one case: they are all held, and delivered in batches cut at random. */
const MOST_EVENTS = 200_000;

/** The events of a case with those of recorded files in place of the files, and what could not be read of them. */
export async function recordedEvents(
  events: readonly CaseEvent[],
): Promise<{ readonly events: readonly CaseEvent[]; readonly faults: readonly string[] }> {
  if (events.every(({ file }) => file === undefined)) return { events, faults: [] };
  const all: CaseEvent[] = [];
  const faults: string[] = [];
  for (const event of events) {
    const { file, at } = event;
    if (file === undefined) {
      all.push(event);
      continue;
    }
    const fault = (text: string): void => void faults.push(`${text} (line ${at.line})`);
    let number = 0;
    try {
      for await (const body of messageBodies(file, (problem) => fault(`${file}: ${problem}`))) {
        if (all.length >= MOST_EVENTS) throw new Error(`the case has more than ${MOST_EVENTS} events`);
        all.push({ body: '', at, recorded: { bytes: body, place: `${basename(file)}, message ${++number}` } });
      }
      if (number === 0) fault(`${file}: it holds no events`);
    } catch (error) {
      const { message } = error as Error;
      fault(message.includes(file) ? message : `${file}: ${message}`);
    }
  }
  return { events: all, faults };
}
