import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppRegistry, type RegisteredFunction } from '../../../local/functions-host/core-module';
import type { InvocationRequest } from '../../../local/functions-host/core-types';
import { findFiles } from '../../../local/functions-host/glob';
import { Invoker } from '../../../local/functions-host/invoker';

interface Log {
  invocationId?: string;
  category?: string;
  level: number;
  message: string;
  /** 0: the app's own words, 1: the worker's. */
  logCategory: number;
}

const LEVELS: Readonly<Record<string, number>> = {
  trace: 0,
  debug: 1,
  information: 2,
  warning: 3,
  error: 4,
  critical: 5,
};
const STRATEGIES: Readonly<Record<string, number>> = { exponentialBackoff: 0, fixedDelay: 1 };
const DIRECTIONS: Readonly<Record<string, number>> = { in: 0, out: 1, inout: 2 };
const DATA_TYPES: Readonly<Record<string, number>> = { undefined: 0, string: 1, binary: 2, stream: 3 };

/** An app in a worker. */
export class WorkerApp {
  private registry: AppRegistry;
  private fault: Error | undefined;
  private current: string | undefined;

  constructor(private readonly log: (log: Log) => void) {
    this.registry = this.newRegistry();
  }

  private newRegistry(): AppRegistry {
    return new AppRegistry(({ level, message }) =>
      this.log({ level: LEVELS[level] ?? 2, message, category: this.current, logCategory: 0 }),
    );
  }

  /** Whether anything was registered: without that the worker leaves the looking for functions to the host. */
  get hasRegistered(): boolean {
    return this.registry.functions.size > 0;
  }

  /**
   * Loads the entry points. A fault of one ends the loading and is kept: the worker itself is well, and it is thrown where the functions are asked for,
   * if any was registered.
   */
  async start(directory: string): Promise<void> {
    this.registry = this.newRegistry();
    this.fault = undefined;
    // Stays provided: the library asks on the first call of an app, which may be at any time.
    this.registry.provide();
    const packageFile = join(directory, 'package.json');
    const { main } = JSON.parse(readFileSync(packageFile, 'utf8')) as { main: string };
    let file = main;
    try {
      const files = findFiles(directory, main);
      if (files.length === 0) throw new Error('Found zero files matching the supplied pattern');
      for (file of files) createRequire(packageFile)(file);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const message = `Worker was unable to load entry point "${file}": ${error.message}`;
      this.fault = new Error(message);
      process.stderr.write(`${error.stack}\n`);
      this.log({ level: 4, message, logCategory: 1 });
    }
    for (const hook of this.registry.hooks.get('appStart') ?? [])
      await hook({ hookData: {}, appHookData: {}, functionAppDirectory: directory });
  }

  async capabilities(): Promise<Record<string, string>> {
    const own = {
      RawHttpBodyBytes: 'true',
      RpcHttpTriggerMetadataRemoved: 'true',
      RpcHttpBodyOnly: 'true',
      IgnoreEmptyValuedRpcHttpHeaders: 'true',
      UseNullableValueDictionaryForHttp: 'true',
      WorkerStatus: 'true',
      TypedDataCollection: 'true',
      HandlesWorkerTerminateMessage: 'true',
    };
    return (await this.registry.model?.getCapabilities?.(own)) ?? own;
  }

  /** What was registered, for the host; nothing can be registered after it. */
  index(): object[] {
    this.registry.lock();
    if (this.hasRegistered && this.fault) throw this.fault;
    return [...this.registry.functions.values()].map(toRpc);
  }

  load(functionId: string): void {
    if (!this.registry.functions.has(functionId)) throw new Error(`Worker was unable to load function ${functionId}`);
  }

  async invoke(request: InvocationRequest & { invocationId: string; functionId: string }): Promise<object> {
    const found = this.registry.functions.get(request.functionId);
    if (!found) throw new Error(`Function code for '${request.functionId}' is not loaded and cannot be invoked.`);
    const { invocationId } = request;
    const category = `${found.metadata.name}.Invocation`;
    const invoker = new Invoker(this.registry, ({ level, message }) =>
      this.log({ invocationId, category, level: LEVELS[level] ?? 2, message, logCategory: 0 }),
    );
    const { returnValue, outputData = [] } = await invoker.invoke(found, request);
    return { returnValue: returnValue ?? undefined, outputData };
  }
}

function toRpc({ metadata }: RegisteredFunction): object {
  const { name, functionId, bindings, retryOptions } = metadata;
  const entries = Object.entries(bindings);
  return {
    name,
    functionId,
    // The host wants one, and reads none.
    scriptFile: 'n/a',
    bindings: Object.fromEntries(
      entries.map(([key, { type, direction, dataType }]) => [
        key,
        { type, direction: DIRECTIONS[String(direction)], dataType: DATA_TYPES[String(dataType)] ?? 0, properties: {} },
      ]),
    ),
    rawBindings: entries.map(([key, binding]) => JSON.stringify({ ...binding, name: key })),
    ...(retryOptions
      ? {
          retryOptions: {
            maxRetryCount: retryOptions.maxRetryCount,
            delayInterval: retryOptions.delayInterval,
            minimumInterval: retryOptions.minimumInterval,
            maximumInterval: retryOptions.maximumInterval,
            retryStrategy: STRATEGIES[retryOptions.retryStrategy ?? ''],
          },
        }
      : {}),
  };
}
