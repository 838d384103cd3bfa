import type { ArgInfo, ParamType } from '../functions/define';
import type { ScalarType, Value } from '../values/types';

/**
 * What a window function does with the values of a whole column: one array per argument given, each as long as the table, in the order of the rows.
 * Gives one value per row.
 */
export type WindowFunctionRun = (args: readonly (readonly Value[])[], count: number) => readonly Value[];

/** A function over rows in order. https://learn.microsoft.com/kusto/query/window-functions */
export interface WindowFunction {
  readonly name: string;
  readonly docs: string;
  readonly params: readonly ParamType[];
  /** How many of the last `params` may be left out. */
  readonly optional?: number;
  readonly returns: ScalarType | ((args: readonly ArgInfo[]) => ScalarType);
  /** Throws KqlError. */
  readonly bind: (args: readonly ArgInfo[]) => WindowFunctionRun;
}

export const defineWindow = (definition: WindowFunction): WindowFunction => definition;
