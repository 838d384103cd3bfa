import type { ChosenSink, Connection, SinkDefinition, SinkSetting } from '../alerts/sinks/define';

/** A reader of settings by any name: those of a sink are known to its definition alone. */
interface AnyReader {
  readonly faults: string[];
  value(name: string): string | undefined;
  url(name: string): string | undefined;
  required(name: string, why: string): string;
  list(name: string, options: readonly string[]): string[];
}

/** The sinks that are chosen, with their settings. The settings of others are not looked at. */
export function readSinks(reader: AnyReader, known: readonly SinkDefinition[]): ChosenSink[] {
  const chosen = reader.list(
    'OUTRIDER_SINKS',
    known.map(({ name }) => name),
  );
  return known
    .filter(({ name }) => chosen.includes(name))
    .map((definition) => {
      const user = `the sink '${definition.name}'`;
      const values = Object.entries(definition.settings).map(([name, setting]) => [
        name,
        readSetting(reader, name, setting, user),
      ]);
      return { definition, values: Object.fromEntries(values) };
    });
}

function readSetting(reader: AnyReader, name: string, setting: SinkSetting, user: string): string | Connection {
  if (setting.kind === 'connection') return readConnection(reader, name, setting.orElse, user);
  const value = (setting.kind === 'url' ? reader.url(name) : reader.value(name)) ?? setting.default;
  return value ?? reader.required(name, `${user} needs it`);
}

/** An address of its own comes before any connection string: it says that the identity is to be used. */
function readConnection(reader: AnyReader, name: string, orElse: string | undefined, user: string): Connection {
  const names = orElse === undefined ? [name] : [name, orElse];
  const first = (part: string) => names.map((each) => reader.value(`${each}${part}`)).find((value) => value);
  const connectionString = first('');
  const fullyQualifiedNamespace = first('__fullyQualifiedNamespace');
  if (!connectionString && !fullyQualifiedNamespace)
    reader.faults.push(
      orElse === undefined
        ? `${name} is not set: ${user} needs it`
        : `${name} is not set, nor ${orElse}: ${user} needs one of them`,
    );
  return connectionString && reader.value(`${name}__fullyQualifiedNamespace`) === undefined
    ? { connectionString }
    : { fullyQualifiedNamespace };
}
