import { defineConversion } from './support/unit_conversion';

const BRITISH_THERMAL_UNIT = 1055.05585262;
const CALORIE = 4.184;
const ELECTRON_VOLT = 1.602176634e-19;
const THERM = { ec: 105_505_585.262, imperial: 105_505_585.257348, us: 105_480_400 };
const WATT_HOUR = 3600;
const WATT_DAY = 86_400;

/** In joules. */
export const convertEnergy = defineConversion('energy', {
  BritishThermalUnit: BRITISH_THERMAL_UNIT,
  Calorie: CALORIE,
  DecathermEc: THERM.ec * 10,
  DecathermImperial: THERM.imperial * 10,
  DecathermUs: THERM.us * 10,
  ElectronVolt: ELECTRON_VOLT,
  Erg: 1e-7,
  FootPound: 0.3048 * 4.4482216152605,
  GigabritishThermalUnit: BRITISH_THERMAL_UNIT * 1e9,
  GigaelectronVolt: ELECTRON_VOLT * 1e9,
  Gigajoule: 1e9,
  GigawattDay: WATT_DAY * 1e9,
  GigawattHour: WATT_HOUR * 1e9,
  HorsepowerHour: 2_684_519.537696173,
  Joule: 1,
  KilobritishThermalUnit: BRITISH_THERMAL_UNIT * 1e3,
  Kilocalorie: CALORIE * 1e3,
  KiloelectronVolt: ELECTRON_VOLT * 1e3,
  Kilojoule: 1e3,
  KilowattDay: WATT_DAY * 1e3,
  KilowattHour: WATT_HOUR * 1e3,
  MegabritishThermalUnit: BRITISH_THERMAL_UNIT * 1e6,
  Megacalorie: CALORIE * 1e6,
  MegaelectronVolt: ELECTRON_VOLT * 1e6,
  Megajoule: 1e6,
  MegawattDay: WATT_DAY * 1e6,
  MegawattHour: WATT_HOUR * 1e6,
  Millijoule: 1e-3,
  TeraelectronVolt: ELECTRON_VOLT * 1e12,
  TerawattDay: WATT_DAY * 1e12,
  TerawattHour: WATT_HOUR * 1e12,
  ThermEc: THERM.ec,
  ThermImperial: THERM.imperial,
  ThermUs: THERM.us,
  WattDay: WATT_DAY,
  WattHour: WATT_HOUR,
});
