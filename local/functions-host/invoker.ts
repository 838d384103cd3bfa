import { randomUUID } from 'node:crypto';
import type { AppRegistry, RegisteredFunction } from './core-module';
import type { InvocationRequest, InvocationResponse, LogEntry } from './core-types';

/** Runs functions the way the Node worker does: arguments, hooks, handler, response. */
export class Invoker {
  readonly #registry: AppRegistry;
  readonly #log: (entry: LogEntry) => void;

  constructor(registry: AppRegistry, log: (entry: LogEntry) => void) {
    this.#registry = registry;
    this.#log = log;
  }

  /** One invocation. Rejects with what the function (or a hook) threw. */
  async invoke(fn: RegisteredFunction, request: InvocationRequest): Promise<InvocationResponse> {
    const { model } = this.#registry;
    if (!model) throw new Error('the app has not set a programming model: is @azure/functions loaded?');
    const invocationId = randomUUID();
    const { name } = fn.metadata;
    const core = {
      invocationId,
      request: {
        invocationId,
        functionId: name,
        traceContext: { traceParent: '', traceState: '', attributes: {} },
        ...request,
      },
      metadata: fn.metadata,
      state: undefined as string | undefined,
      log: (level: string, _category: string, message: string) => this.#log({ level, category: name, message }),
    };
    const invocation = await model.getInvocationModel(core);
    const { context, inputs } = await invocation.getArguments();
    const shared = { hookData: {}, appHookData: {}, invocationContext: context };
    const before = { ...shared, functionCallback: fn.callback, inputs };
    core.state = 'preInvocationHooks';
    for (const hook of this.#registry.hooks.get('preInvocation') ?? []) await hook(before);
    const after = { ...shared, inputs: before.inputs, result: undefined as unknown, error: undefined as unknown };
    core.state = 'invocation';
    try {
      after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error ?? new Error('the function threw nothing');
    }
    core.state = 'postInvocationHooks';
    for (const hook of this.#registry.hooks.get('postInvocation') ?? []) await hook(after);
    core.state = undefined;
    if (after.error !== undefined && after.error !== null) throw after.error;
    return invocation.getResponse(context, after.result);
  }

  /** Runs the app's appTerminate hooks. */
  async terminate(): Promise<void> {
    for (const hook of this.#registry.hooks.get('appTerminate') ?? []) await hook({ hookData: {}, appHookData: {} });
  }
}
