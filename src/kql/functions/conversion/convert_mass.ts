import { defineConversion } from './support/unit_conversion';

const POUND = 0.45359237;

/** In kilograms. */
export const convertMass = defineConversion('mass', {
  Centigram: 1e-5,
  Decagram: 1e-2,
  Decigram: 1e-4,
  EarthMass: 5.9722e24,
  Grain: POUND / 7000,
  Gram: 1e-3,
  Hectogram: 1e-1,
  Kilogram: 1,
  Kilopound: POUND * 1e3,
  Kilotonne: 1e6,
  LongHundredweight: POUND * 112,
  LongTon: POUND * 2240,
  Megapound: POUND * 1e6,
  Megatonne: 1e9,
  Microgram: 1e-9,
  Milligram: 1e-6,
  Nanogram: 1e-12,
  Ounce: POUND / 16,
  Pound: POUND,
  ShortHundredweight: POUND * 100,
  ShortTon: POUND * 2000,
  Slug: 14.593902937206364,
  SolarMass: 1.98947e30,
  Stone: POUND * 14,
  Tonne: 1e3,
});
