import { defineSink } from './define';
import { openJsonLinesSink } from './support/json-lines';

export const file = defineSink({
  name: 'file',
  settings: {
    ALERTS_FILE: { kind: 'text', description: 'the file that alerts are appended to, a JSON line each.' },
  },
  open: ({ ALERTS_FILE }, { name }) => openJsonLinesSink({ name, path: ALERTS_FILE }),
});
