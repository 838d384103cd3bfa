import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { contentOf, loadRpc, type Message, SUCCESS } from '../rpc';
import { WorkerApp } from './app';

/**
 * The worker's side of the protocol: what Microsoft's Node worker does with these messages, for apps of the v4 model. It is started by the host with
 * an address and an id, and says what it did in answers and log messages.
 */
const { values } = parseArgs({
  options: {
    'functions-uri': { type: 'string' },
    'functions-worker-id': { type: 'string' },
    proto: { type: 'string' },
  },
  strict: false,
});
const Rpc = loadRpc(String(values.proto ?? join(__dirname, 'function-rpc.proto')));
const client = new Rpc(new URL(String(values['functions-uri'])).host, credentials.createInsecure(), {
  'grpc.max_send_message_length': -1,
  'grpc.max_receive_message_length': -1,
});
const stream = client.EventStream!();
const app = new WorkerApp((log) => stream.write({ requestId: '', rpcLog: log }));

const metadata = () => ({
  runtimeName: 'node',
  runtimeVersion: process.versions.node,
  workerVersion: '3.16.1',
  workerBitness: process.arch,
  customProperties: {},
});

/** The answer to each request: its name, what it holds whatever happens, and what it takes to give the rest. */
const HANDLERS: Record<
  string,
  { answer: string; usual: (request: never) => object; handle: (request: never) => Promise<object> }
> = {
  workerInitRequest: {
    answer: 'workerInitResponse',
    usual: () => ({ workerMetadata: metadata() }),
    async handle({ functionAppDirectory }: { functionAppDirectory?: string }) {
      if (functionAppDirectory) await app.start(functionAppDirectory);
      return { capabilities: await app.capabilities() };
    },
  },
  functionEnvironmentReloadRequest: {
    answer: 'functionEnvironmentReloadResponse',
    usual: () => ({ workerMetadata: metadata() }),
    async handle(request: { environmentVariables: Record<string, string>; functionAppDirectory?: string }) {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, request.environmentVariables);
      if (request.functionAppDirectory) {
        process.chdir(request.functionAppDirectory);
        await app.start(request.functionAppDirectory);
      }
      return { capabilities: await app.capabilities(), capabilitiesUpdateStrategy: 1 };
    },
  },
  functionsMetadataRequest: {
    answer: 'functionMetadataResponse',
    usual: () => ({ useDefaultMetadataIndexing: !app.hasRegistered }),
    handle: async () => ({ functionMetadataResults: app.index() }),
  },
  functionLoadRequest: {
    answer: 'functionLoadResponse',
    usual: ({ functionId }: { functionId: string }) => ({ functionId }),
    async handle({ functionId }: { functionId: string }) {
      app.load(functionId);
      return {};
    },
  },
  invocationRequest: {
    answer: 'invocationResponse',
    usual: ({ invocationId }: { invocationId: string }) => ({ invocationId }),
    handle: (request) => app.invoke(request),
  },
};

async function answer(message: Message): Promise<void> {
  const { requestId } = message;
  const { name, value } = contentOf(message);
  if (name === 'workerTerminate') return void process.exit(0);
  if (name === 'workerStatusRequest') return void stream.write({ requestId, workerStatusResponse: {} });
  const handler = HANDLERS[name];
  if (!handler) return;
  const request = value as never;
  try {
    const rest = await handler.handle(request);
    const response = { ...handler.usual(request), ...rest, result: { status: SUCCESS } };
    stream.write({ requestId, [handler.answer]: response });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const exception = { message: error.message, stackTrace: error.stack };
    stream.write({ requestId, [handler.answer]: { ...handler.usual(request), result: { status: 0, exception } } });
  }
}

stream.on('data', (message: Message) => void answer(message));
stream.on('end', () => process.exit(0));
stream.on('error', () => process.exit(1));
stream.write({ requestId: '', startStream: { workerId: String(values['functions-worker-id']) } });
