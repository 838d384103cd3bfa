import { queryTable } from '../../../support/kql';

const value = (expression: string): number => queryTable(`print x = ${expression}`).rows[0]![0] as number;

describe('unit conversions', () => {
  it.each([
    ['angle(180, "Degree", "Radian")', Math.PI],
    ['angle(1, "Tilt", "Degree")', 90],
    ['angle(30, "Degree", "Tilt")', 0.5],
    ['angle(1, "Revolution", "NatoMil")', 6400],
    ['energy(1, "KilowattHour", "Megajoule")', 3.6],
    ['energy(1, "Kilocalorie", "Joule")', 4184],
    ['force(1, "KilogramForce", "Newton")', 9.80665],
    ['force(16, "OunceForce", "PoundForce")', 1],
    ['length(1, "Mile", "Kilometer")', 1.609344],
    ['length(1, "NauticalMile", "Foot")', 6076.115486],
    ['mass(1, "Stone", "Pound")', 14],
    ['mass(1, "Tonne", "Kilogram")', 1000],
    ['speed(100, "KilometerPerHour", "MilePerHour")', 62.137119],
    ['speed(1, "Knot", "MeterPerSecond")', 0.514444],
    ['volume(1, "UsGallon", "Liter")', 3.785411784],
    ['volume(1, "CubicYard", "CubicFoot")', 27],
  ])('convert_%s is %d', (call, expected) => {
    expect(value(`convert_${call}`)).toBeCloseTo(expected, 5);
  });

  it.each([
    ['DegreeCelsius', 100],
    ['DegreeDelisle', 0],
    ['DegreeFahrenheit', 212],
    ['DegreeNewton', 33],
    ['DegreeRankine', 671.67],
    ['DegreeReaumur', 80],
    ['DegreeRoemer', 60],
    ['Kelvin', 373.15],
    ['MillidegreeCelsius', 100_000],
  ])('water boils at %s %d', (unit, expected) => {
    expect(value(`convert_temperature(100, "DegreeCelsius", "${unit}")`)).toBeCloseTo(expected, 6);
    expect(value(`convert_temperature(${expected}, "${unit}", "DegreeCelsius")`)).toBeCloseTo(100, 6);
  });

  it('gives null for an unknown unit', () => {
    expect(value('convert_length(1, "Meter", "Lightyears")')).toBeNull();
    expect(value('convert_length(1, "__proto__", "Meter")')).toBeNull();
    expect(value('convert_length(real(null), "Meter", "Foot")')).toBeNull();
  });
});
