import Module from 'node:module';
import type { FunctionCallback, FunctionMetadata, LogEntry, ProgrammingModel } from './core-types';

const HOOKS = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
type HookName = (typeof HOOKS)[number];
type Hook = (context: object) => unknown;

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  trigger: { name: string; type: string; [property: string]: unknown };
  callback: FunctionCallback;
}

class Disposable {
  #dispose: (() => unknown) | undefined;

  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }

  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): unknown {
    const dispose = this.#dispose;
    this.#dispose = undefined;
    return dispose?.();
  }
}

/** What an app registers through `@azure/functions`. */
export class AppRegistry {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly hooks = new Map<HookName, Hook[]>(HOOKS.map((name) => [name, []]));
  model: ProgrammingModel | undefined;
  #locked = false;
  readonly #log: (entry: LogEntry) => void;

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /** After this, functions can no longer be registered, as in the real worker. */
  lock(): void {
    this.#locked = true;
  }

  /**
   * Makes `require('@azure/functions-core')` answer with this registry from now on. `@azure/functions` asks for it on
   * the first `app.*` call and remembers a failure, so this comes before the app is loaded. Returns the undoing of it.
   */
  provide(): () => void {
    const core = this.#coreModule();
    const loader = Module.prototype as unknown as { require: (id: string) => unknown };
    const original = loader.require;
    loader.require = new Proxy(original, {
      apply: (target, module, args) =>
        args[0] === '@azure/functions-core' ? core : Reflect.apply(target, module, args),
    });
    return () => {
      loader.require = original;
    };
  }

  #coreModule(): object {
    return {
      version: '3.16.1',
      hostVersion: '4.1052.300.0',
      Disposable,
      setProgrammingModel: (model: ProgrammingModel) => {
        this.model = model;
      },
      getProgrammingModel: () => this.model,
      registerHook: (name: HookName, hook: Hook) => this.#registerHook(name, hook),
      registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
        this.#registerFunction(metadata, callback),
      log: (level: string, _category: string, message: string) => this.#log({ level, category: 'worker', message }),
    };
  }

  #registerHook(name: HookName, hook: Hook): Disposable {
    const hooks = this.hooks.get(name);
    if (!hooks) throw new RangeError(`Unrecognized hook "${name}"`);
    hooks.push(hook);
    return new Disposable(() => hooks.splice(hooks.indexOf(hook), 1));
  }

  #registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const { name } = metadata;
    if (this.#locked) throw new Error(`function "${name}" is registered after the app has started`);
    if (this.functions.has(name)) throw new Error(`a function named "${name}" is already registered`);
    // The real host reads each binding from JSON; what JSON cannot carry must not work here either.
    const bindings = Object.entries(metadata.bindings).map(([key, binding]) =>
      JSON.parse(JSON.stringify({ ...binding, name: key })),
    );
    const trigger = bindings.find((binding) => /trigger$/i.test(String(binding.type)));
    if (!trigger) throw new Error(`function "${name}" has no trigger`);
    this.functions.set(name, { metadata: { ...metadata, functionId: name }, trigger, callback });
    return new Disposable(() => this.functions.delete(name));
  }
}
