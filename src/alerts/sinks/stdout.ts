import { defineSink } from './define';
import { openJsonLinesSink } from './support/json-lines';

export const stdout = defineSink({
  name: 'stdout',
  settings: {},
  open: (_, { name }) => openJsonLinesSink({ name, path: '-' }),
});
