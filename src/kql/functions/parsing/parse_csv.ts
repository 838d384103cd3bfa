import { defineFunction } from '../define';

/** Fields of the first record of RFC 4180 text. */
function firstRecord(text: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end < 0) {
          field += text.slice(at);
          at = text.length;
          break;
        }
        field += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at++;
    fields.push(field + text.slice(start, at));
    if (text[at] !== ',') return fields;
    at++;
  }
}

/** Quoted fields may hold commas, line feeds and doubled quotes; only the first record is read. */
export const parseCsv = defineFunction({
  name: 'parse_csv',
  docs: 'parse-csv-function',
  params: ['string'],
  returns: 'dynamic',
  impl: firstRecord,
});
