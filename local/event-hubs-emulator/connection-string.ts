/** Connection string for an emulator on this port of this machine; the last part makes the client speak AMQP without TLS. */
export function emulatorConnectionString(port: number): string {
  return [
    `Endpoint=sb://localhost:${port}`,
    'SharedAccessKeyName=RootManageSharedAccessKey',
    'SharedAccessKey=SAS_KEY_VALUE',
    'UseDevelopmentEmulator=true',
  ].join(';');
}
