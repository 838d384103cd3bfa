// Preloaded into a process under test: its clock is that of the machine plus the milliseconds in the file TEST_CLOCK_SHIFT.
const { readFileSync } = require('node:fs');

const RealDate = Date;
const realNow = Date.now;
const now = () => {
  const shift = readFileSync(process.env.TEST_CLOCK_SHIFT, 'utf8');
  if (!/^-?\d+$/.test(shift)) throw new Error(`not a shift of the clock: '${shift}'`);
  return realNow() + Number(shift);
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
