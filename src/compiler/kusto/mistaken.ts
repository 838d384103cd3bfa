/**
 * What the binder refuses and Kusto takes, as its documentation and published rules show: a real as seconds of make_timespan, a long as
 * the degree of series_fit_poly, a column in count(), an array as argument of parse_json, format_ipv4_mask without a prefix, an option of
 * bag_unpack by its name after others were left out, the older weekofyear as a part of a date.
 */
export const isMistaken = (code: string, before: string, after: string): boolean =>
  (code === 'KS134' && /\bmake_timespan\s*\([^()]*$/.test(before)) ||
  (code === 'KS140' && /\bdate(time_)?part\s*\(\s*$/.test(before) && /^["']weekofyear["']/i.test(after)) ||
  (code === 'KS119' &&
    (/^format_ipv4_mask\s*\(\s*[^\s)]/.test(after) ||
      /^bag_unpack\s*\([^()]*\b(columnsConflict|ignoredProperties)\s*=/.test(after))) ||
  (code === 'KS107' &&
    (/\bseries_fit_poly\s*\([^;|]*,\s*$/.test(before) ||
      /\bbag_unpack\s*\([^()]*\b(columnsConflict|ignoredProperties)\s*=\s*$/.test(before) ||
      /\b(count|todynamic|toobject|parse_?json)\s*\(\s*$/i.test(before)));
