import { defineConversion } from './support/unit_conversion';

const FOOT = 0.3048;
const INCH = 0.0254;
const SURVEY_FOOT = 1200 / 3937;
const YARD = 0.9144;
const MINUTE = 60;
const HOUR = 3600;

/** In metres a second. */
export const convertSpeed = defineConversion('speed', {
  CentimeterPerHour: 1e-2 / HOUR,
  CentimeterPerMinute: 1e-2 / MINUTE,
  CentimeterPerSecond: 1e-2,
  DecimeterPerMinute: 1e-1 / MINUTE,
  DecimeterPerSecond: 1e-1,
  FootPerHour: FOOT / HOUR,
  FootPerMinute: FOOT / MINUTE,
  FootPerSecond: FOOT,
  InchPerHour: INCH / HOUR,
  InchPerMinute: INCH / MINUTE,
  InchPerSecond: INCH,
  KilometerPerHour: 1e3 / HOUR,
  KilometerPerMinute: 1e3 / MINUTE,
  KilometerPerSecond: 1e3,
  Knot: 1852 / HOUR,
  MeterPerHour: 1 / HOUR,
  MeterPerMinute: 1 / MINUTE,
  MeterPerSecond: 1,
  MicrometerPerMinute: 1e-6 / MINUTE,
  MicrometerPerSecond: 1e-6,
  MilePerHour: 1609.344 / HOUR,
  MillimeterPerHour: 1e-3 / HOUR,
  MillimeterPerMinute: 1e-3 / MINUTE,
  MillimeterPerSecond: 1e-3,
  NanometerPerMinute: 1e-9 / MINUTE,
  NanometerPerSecond: 1e-9,
  UsSurveyFootPerHour: SURVEY_FOOT / HOUR,
  UsSurveyFootPerMinute: SURVEY_FOOT / MINUTE,
  UsSurveyFootPerSecond: SURVEY_FOOT,
  YardPerHour: YARD / HOUR,
  YardPerMinute: YARD / MINUTE,
  YardPerSecond: YARD,
});
