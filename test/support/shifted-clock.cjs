// Preloaded into a process under test: its clock is that of the machine plus the milliseconds in the file TEST_CLOCK_SHIFT, and so is that of
// the storage, as its answers tell it.
const { readFileSync } = require('node:fs');
const { IncomingMessage } = require('node:http');

const RealDate = Date;
const realNow = Date.now;
const readShift = () => {
  const shift = readFileSync(process.env.TEST_CLOCK_SHIFT, 'utf8');
  if (!/^-?\d+$/.test(shift)) throw new Error(`not a shift of the clock: '${shift}'`);
  return Number(shift);
};
const now = () => realNow() + readShift();

const { get, set } = Object.getOwnPropertyDescriptor(IncomingMessage.prototype, 'headers');
const shifted = new WeakSet();
Object.defineProperty(IncomingMessage.prototype, 'headers', {
  set,
  get() {
    const headers = get.call(this);
    if (typeof headers?.date === 'string' && !shifted.has(this)) {
      shifted.add(this);
      headers.date = new RealDate(RealDate.parse(headers.date) + readShift()).toUTCString();
    }
    return headers;
  },
});

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static now() {
    return now();
  }
};
