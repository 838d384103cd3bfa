import { spawn } from 'node:child_process';

/** Opens an address in the user's browser; where that cannot be done it says so. */
export function openAddress(address: string, note: (text: string) => void): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['explorer.exe', address]
        : ['xdg-open', address];
  const child = spawn(command!, args, { stdio: 'ignore', detached: true });
  child.once('error', () => note(`No browser could be opened: open ${address}`));
  child.unref();
}
