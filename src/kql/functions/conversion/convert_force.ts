import { defineConversion } from './support/unit_conversion';

const KILOGRAM_FORCE = 9.80665;
const POUND_FORCE = 4.4482216152605;

/** In newtons. */
export const convertForce = defineConversion('force', {
  Decanewton: 10,
  Dyn: 1e-5,
  KilogramForce: KILOGRAM_FORCE,
  Kilonewton: 1e3,
  KiloPond: KILOGRAM_FORCE,
  KilopoundForce: POUND_FORCE * 1e3,
  Meganewton: 1e6,
  Micronewton: 1e-6,
  Millinewton: 1e-3,
  Newton: 1,
  OunceForce: POUND_FORCE / 16,
  Poundal: 0.138254954376,
  PoundForce: POUND_FORCE,
  ShortTonForce: POUND_FORCE * 2000,
  TonneForce: KILOGRAM_FORCE * 1e3,
});
