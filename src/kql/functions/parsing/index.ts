export { parseCommandLine } from './parse_command_line';
export { parseCsv } from './parse_csv';
export { parsePath } from './parse_path';
export { parseUrl } from './parse_url';
export { parseUrlQuery } from './parse_urlquery';
export { parseVersion } from './parse_version';
export { parseXml } from './parse_xml';
