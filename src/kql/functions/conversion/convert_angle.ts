import { defineConversion } from './support/unit_conversion';

const RADIAN = 180 / Math.PI;

/** In degrees. A tilt is the sine of an angle. */
export const convertAngle = defineConversion('angle', {
  Arcminute: 1 / 60,
  Arcsecond: 1 / 3600,
  Centiradian: RADIAN * 1e-2,
  Deciradian: RADIAN * 1e-1,
  Degree: 1,
  Gradian: 0.9,
  Microdegree: 1e-6,
  Microradian: RADIAN * 1e-6,
  Millidegree: 1e-3,
  Milliradian: RADIAN * 1e-3,
  Nanodegree: 1e-9,
  Nanoradian: RADIAN * 1e-9,
  NatoMil: 360 / 6400,
  Radian: RADIAN,
  Revolution: 360,
  Tilt: { to: (sine) => Math.asin(sine) * RADIAN, from: (degrees) => Math.sin(degrees / RADIAN) },
});
