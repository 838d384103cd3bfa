import { defineConversion, type Unit } from './support/unit_conversion';

const ICE = 273.15;

/** Degrees of `size` kelvin, of which water freezes at `freezing`. */
const scale = (size: number, freezing: number): Unit => ({
  to: (degrees) => (degrees - freezing) * size + ICE,
  from: (kelvin) => (kelvin - ICE) / size + freezing,
});

/** In kelvin. The page's one example shows Kelvin to DegreeCelsius as a quotient, which no temperature is: it is not followed. */
export const convertTemperature = defineConversion('temperature', {
  DegreeCelsius: scale(1, 0),
  DegreeDelisle: scale(-2 / 3, 150),
  DegreeFahrenheit: scale(5 / 9, 32),
  DegreeNewton: scale(100 / 33, 0),
  DegreeRankine: 5 / 9,
  DegreeReaumur: scale(5 / 4, 0),
  DegreeRoemer: scale(40 / 21, 7.5),
  Kelvin: 1,
  MillidegreeCelsius: scale(1e-3, 0),
  SolarTemperature: 5778,
});
