import type { Path, PlainValue, YamlFile } from '../yaml-file';

/** One rule of a file, as the fields of a rule file, whatever the file's own form. */
export interface WrittenRule {
  readonly fields: Readonly<Record<string, PlainValue>>;
  /** Where a field, or a place in one, stands in the file. */
  at(path: Path): Path;
}

/** Something of a file that is no rule here and that its author should know of. */
export interface FormatFault {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly at: Path;
}

export interface WrittenRules {
  readonly rules: readonly WrittenRule[];
  readonly faults: readonly FormatFault[];
}

/** The file as if it were a rule file with these fields: positions are those of the file. */
export const viewOf = (file: YamlFile, { fields, at }: WrittenRule): YamlFile => ({
  value: fields as { [key: string]: PlainValue },
  problems: file.problems,
  position: (path) => file.position(at(path)),
  keyPosition: (path) => file.keyPosition(at(path)),
  positionInText: (path, offset) => file.positionInText(at(path), offset),
});

/** Where fields stand: those named have a place of their own, others are below `base` by their name. */
export function placesOf(base: Path, places: Readonly<Record<string, Path>>): WrittenRule['at'] {
  return ([field, ...rest]) => {
    if (field === undefined) return base;
    const own = typeof field === 'string' && Object.hasOwn(places, field) ? places[field] : undefined;
    return own ? [...own, ...rest] : [...base, field, ...rest];
  };
}
