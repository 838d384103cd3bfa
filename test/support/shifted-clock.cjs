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

const addHeader = IncomingMessage.prototype._addHeaderLine;
IncomingMessage.prototype._addHeaderLine = function (field, value, ...rest) {
  const isDate = field.toLowerCase() === 'date';
  return addHeader.call(
    this,
    field,
    isDate ? new RealDate(RealDate.parse(value) + readShift()).toUTCString() : value,
    ...rest,
  );
};

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static now() {
    return now();
  }
};
