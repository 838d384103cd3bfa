import { defineConversion } from './support/unit_conversion';

const INCH = 0.0254;
const LIGHT_YEAR = 9_460_730_472_580_800;
const PARSEC = (149_597_870_700 * 648_000) / Math.PI;

/** In metres. */
export const convertLength = defineConversion('length', {
  Angstrom: 1e-10,
  AstronomicalUnit: 149_597_870_700,
  Centimeter: 1e-2,
  Chain: 20.1168,
  DataMile: 1828.8,
  Decameter: 10,
  Decimeter: 1e-1,
  DtpPica: INCH / 6,
  DtpPoint: INCH / 72,
  Fathom: 1.8288,
  Foot: 0.3048,
  Hand: 0.1016,
  Hectometer: 100,
  Inch: INCH,
  KilolightYear: LIGHT_YEAR * 1e3,
  Kilometer: 1e3,
  Kiloparsec: PARSEC * 1e3,
  LightYear: LIGHT_YEAR,
  MegalightYear: LIGHT_YEAR * 1e6,
  Megaparsec: PARSEC * 1e6,
  Meter: 1,
  Microinch: INCH * 1e-6,
  Micrometer: 1e-6,
  Mil: INCH * 1e-3,
  Mile: 1609.344,
  Millimeter: 1e-3,
  Nanometer: 1e-9,
  NauticalMile: 1852,
  Parsec: PARSEC,
  PrinterPica: (INCH * 12) / 72.27,
  PrinterPoint: INCH / 72.27,
  Shackle: 27.432,
  SolarRadius: 695_510_000,
  Twip: INCH / 1440,
  UsSurveyFoot: 1200 / 3937,
  Yard: 0.9144,
});
