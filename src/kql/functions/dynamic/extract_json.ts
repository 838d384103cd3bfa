import { convert } from '../../values/convert';
import { JsonError, parseJson } from '../../values/json';
import { defineFunction } from '../define';
import { typeArgument } from '../support/type_argument';
import { followPath, type JsonPath, parseJsonPath } from './support/json_path';

/** The element at a JSONPath, as the type asked for (string); null where the text is not JSON or the path leads nowhere. */
export const extractJson = defineFunction({
  name: 'extract_json',
  aliases: ['extractjson'],
  docs: 'extract-json-function',
  params: ['string', 'string', 'string'],
  optional: 1,
  returns: (args) => typeArgument(args[2]),
  bind(args) {
    const type = typeArgument(args[2]);
    const fixed = args[0]!.constant ? parseJsonPath(args[0]!.value as string) : undefined;
    return (path: string, text: string) => {
      const steps: JsonPath = fixed ?? parseJsonPath(path);
      try {
        return convert(followPath(parseJson(text), steps), 'dynamic', type);
      } catch (error) {
        if (error instanceof JsonError) return convert(null, 'dynamic', type);
        throw error;
      }
    };
  },
});
