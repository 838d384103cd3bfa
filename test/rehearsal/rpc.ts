import { loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** A message of the stream, of which one field beside the id is set. Field names are in camel case, int64 values as the library gives them. */
export type Message = { requestId?: string } & Record<string, unknown>;

export interface RpcStatus {
  /** 0: failure, 1: success. */
  readonly status?: number;
  readonly exception?: { readonly message?: string; readonly stackTrace?: string };
}

export const SUCCESS = 1;

/**
 * The service of the worker protocol. Enums are numbers, int64 values objects of `{ low, high, unsigned }`, bytes Buffers, absent fields absent and
 * lists and maps never absent, as the Node worker has them.
 */
export function loadRpc(proto: string): ServiceClientConstructor {
  const loaded = loadPackageDefinition(loadSync(proto, { keepCase: false, arrays: true, objects: true }));
  return (loaded.AzureFunctionsRpcMessages as unknown as { FunctionRpc: ServiceClientConstructor }).FunctionRpc;
}

/** The field of a message that is its content. */
export function contentOf(message: Message): { readonly name: string; readonly value: Record<string, unknown> } {
  const [name] = Object.keys(message).filter((field) => field !== 'requestId' && message[field] !== undefined);
  if (name === undefined) throw new Error('a message without content');
  return { name, value: message[name] as Record<string, unknown> };
}
