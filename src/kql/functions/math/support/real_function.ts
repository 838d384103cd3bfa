import { defineFunction, type Impl, type ScalarFunction } from '../../define';

/** A function of reals, `parameters` of them. `compute` gives null outside its domain. */
export const defineReal = (name: string, compute: Impl, parameters = 1): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: Array.from({ length: parameters }, () => 'real' as const),
    returns: 'real',
    impl: compute,
  });
