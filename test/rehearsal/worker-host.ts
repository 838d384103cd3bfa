import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { contentOf, loadRpc, type Message, type RpcStatus, SUCCESS } from './rpc';

export interface WorkerOptions {
  /** The worker's program. */
  readonly worker: string;
  /** Path of function-rpc.proto. */
  readonly proto: string;
  /** Directory of the app. */
  readonly app: string;
  /** The settings of the app, beside what any process has. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts the worker as an instance that waits for an app, and gives it app and settings later, as Flex Consumption does. */
  readonly isPlaceholder?: boolean;
}

export interface IndexedFunction {
  readonly functionId: string;
  readonly name: string;
  readonly bindings: readonly Record<string, unknown>[];
  readonly retryOptions?: Record<string, unknown>;
}

export interface Indexing {
  /** The host looks for function.json itself. */
  readonly isDefault: boolean;
  readonly functions: readonly IndexedFunction[];
  readonly result: RpcStatus;
}

export interface Invocation {
  readonly result: RpcStatus;
  readonly returnValue?: Record<string, unknown>;
  /** What the function logged, in its order. */
  readonly logs: readonly { readonly level: number; readonly message: string; readonly category: string }[];
}

type Stream = ServerDuplexStream<Message, Message>;
const PLACEHOLDER_ENV = { WEBSITE_PLACEHOLDER_MODE: '1' };

/** The part of a Functions host that speaks to a worker: starts it, asks what functions there are, loads and invokes them. */
export class WorkerHost {
  private readonly server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  private readonly waiting = new Map<string, (content: { name: string; value: Record<string, unknown> }) => void>();
  private readonly logs: Record<string, unknown>[] = [];
  private process: ChildProcess | undefined;
  private stream: Stream | undefined;
  private printed = '';

  private constructor(private readonly options: WorkerOptions) {}

  static async start(options: WorkerOptions): Promise<WorkerHost> {
    const host = new WorkerHost(options);
    try {
      await host.connect();
      await host.initialize();
      return host;
    } catch (error) {
      await host.stop();
      throw error;
    }
  }

  /** What the process of the worker wrote to its standard error. */
  get stderr(): string {
    return this.printed;
  }

  private async connect(): Promise<void> {
    const { worker, proto, env, isPlaceholder } = this.options;
    const Rpc = loadRpc(proto);
    const workerId = randomUUID();
    const connected = new Promise<Stream>((resolve) => {
      this.server.addService(Rpc.service, {
        EventStream: (stream: Stream) => {
          stream.on('data', (message: Message) => this.receive(message, () => resolve(stream), workerId));
          stream.on('error', () => undefined);
        },
      });
    });
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const longest = '2147483647';
    const requestId = randomUUID();
    const own = ['--host', '127.0.0.1', '--port', String(port), '--workerId', workerId, '--requestId', requestId];
    const prefixed = ['uri', `http://127.0.0.1:${port}/`, 'worker-id', workerId, 'request-id', requestId];
    const args = [...own, '--grpcMaxMessageLength', longest, '--functions-grpc-max-message-length', longest];
    for (let i = 0; i < prefixed.length; i += 2) args.push(`--functions-${prefixed[i]}`, prefixed[i + 1]!);
    const base = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
    const child = spawn(process.execPath, [worker, ...args, '--proto', proto], {
      env: { ...base, ...(isPlaceholder ? PLACEHOLDER_ENV : env) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process = child;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.printed += text;
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the worker ended with code ${code}: ${this.printed}`);
    });
    ended.catch(() => undefined);
    this.stream = await Promise.race([connected, ended]);
  }

  private receive(message: Message, onStart: () => void, workerId: string): void {
    const content = contentOf(message);
    if (content.name === 'startStream') {
      if (content.value.workerId !== workerId) throw new Error('another worker has connected');
      onStart();
      return;
    }
    if (content.name === 'rpcLog') {
      this.logs.push(content.value);
      return;
    }
    this.waiting.get(message.requestId ?? '')?.(content);
    this.waiting.delete(message.requestId ?? '');
  }

  private ask(request: Omit<Message, 'requestId'>, wanted: string): Promise<Record<string, unknown>> {
    const requestId = randomUUID();
    return new Promise((resolve, reject) => {
      this.waiting.set(requestId, ({ name, value }) =>
        name === wanted ? resolve(value) : reject(new Error(`the worker answered ${name}, not ${wanted}`)),
      );
      this.stream!.write({ requestId, ...request });
    });
  }

  private async initialize(): Promise<void> {
    const { app, env, isPlaceholder } = this.options;
    const init = await this.ask(
      {
        workerInitRequest: {
          hostVersion: '4.1052.300.0',
          capabilities: { V2Compatible: 'True', MultiStream: 'True' },
          logCategories: {},
          workerDirectory: '',
          ...(isPlaceholder ? {} : { functionAppDirectory: app }),
        },
      },
      'workerInitResponse',
    );
    assertSuccess(init, 'worker');
    if (!isPlaceholder) return;
    const environmentVariables = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env };
    const reload = await this.ask(
      { functionEnvironmentReloadRequest: { environmentVariables, functionAppDirectory: app } },
      'functionEnvironmentReloadResponse',
    );
    assertSuccess(reload, 'app');
  }

  /** Which functions there are. Loads them, as the host does with what it has indexed. */
  async index(): Promise<Indexing> {
    const response = await this.ask(
      { functionsMetadataRequest: { functionAppDirectory: this.options.app } },
      'functionMetadataResponse',
    );
    const results = response.functionMetadataResults as Record<string, unknown>[];
    for (const metadata of results) {
      const { functionId } = metadata;
      assertSuccess(
        await this.ask({ functionLoadRequest: { functionId, metadata } }, 'functionLoadResponse'),
        String(functionId),
      );
    }
    return {
      isDefault: response.useDefaultMetadataIndexing === true,
      result: response.result as RpcStatus,
      functions: results.map(({ functionId, name, rawBindings, retryOptions }) => ({
        functionId: String(functionId),
        name: String(name),
        bindings: (rawBindings as string[]).map((text) => JSON.parse(text)),
        ...(retryOptions ? { retryOptions: retryOptions as Record<string, unknown> } : {}),
      })),
    };
  }

  async invoke(functionId: string, request: object): Promise<Invocation> {
    const invocationId = randomUUID();
    const traceContext = { traceParent: '', traceState: '', attributes: {} };
    const response = await this.ask(
      { invocationRequest: { invocationId, functionId, traceContext, ...request } },
      'invocationResponse',
    );
    const logs = this.logs.filter((log) => log.invocationId === invocationId && (log.logCategory ?? 0) === 0);
    return {
      result: response.result as RpcStatus,
      returnValue: response.returnValue as Record<string, unknown> | undefined,
      logs: logs.map(({ level, message, category }) => ({
        level: Number(level),
        message: String(message),
        category: String(category),
      })),
    };
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      this.stream?.write({ requestId: '', workerTerminate: { gracePeriod: { seconds: 5 } } });
      const timer = setTimeout(() => child.kill('SIGKILL'), this.stream ? 5_000 : 0);
      await gone;
      clearTimeout(timer);
    }
    this.server.forceShutdown();
  }
}

function assertSuccess({ result }: Record<string, unknown>, what: string): void {
  const { status, exception } = (result ?? {}) as RpcStatus;
  if (status !== SUCCESS) throw new Error(`${what}: ${exception?.message ?? 'failed'}`);
}
