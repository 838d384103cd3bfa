// Finds the Bicep compiler and runs it.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = 'Azure.Bicep.CommandLine.linux-x64';
const VERSION = '0.49.2';
const root = join(import.meta.dirname, '..');

const succeeds = (command, args) => {
  const { status, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  return !error && status === 0;
};

/**
 * `bicep` of the PATH, else `az bicep`, else the NuGet package (Linux on x64 with the .NET SDK), kept under node_modules/.cache.
 *
 * @returns {{ command: string, args: string[], from: string } | { missing: string }} args: what comes before Bicep's own
 */
export function findBicep() {
  if (succeeds('bicep', ['--version'])) return { command: 'bicep', args: [], from: 'bicep on the PATH' };
  if (succeeds('az', ['bicep', 'version'])) return { command: 'az', args: ['bicep'], from: 'az bicep' };
  const tried = "neither 'bicep' nor 'az bicep' is there";
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: `${tried}, and the package ${PACKAGE} is for Linux on x64` };
  const restored = restore();
  if (restored.missing) return { missing: `${tried}, and ${restored.missing}` };
  return { command: restored.path, args: [], from: `${PACKAGE} ${VERSION}` };
}

function restore() {
  const cache = join(root, 'node_modules', '.cache', 'bicep');
  const path = join(cache, 'bicep');
  if (existsSync(join(cache, VERSION)) && existsSync(path)) return { path };
  if (!succeeds('dotnet', ['--version']))
    return { missing: "'dotnet', which would fetch it from NuGet, is not there either" };
  const work = join(root, 'node_modules', '.cache', `bicep.${process.pid}`);
  mkdirSync(work, { recursive: true });
  const project = join(work, 'bicep.csproj');
  // Downloads the package without referring to it: the framework must not be fetched, so none is named that the SDK lacks.
  writeFileSync(
    project,
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="${PACKAGE}" Version="[${VERSION}]" />
  </ItemGroup>
</Project>
`,
  );
  const packages = join(work, 'packages');
  const run = spawnSync('dotnet', ['restore', project, '--packages', packages, '--nologo'], {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
  });
  const found = join(packages, PACKAGE.toLowerCase(), VERSION, 'tools', 'bicep');
  if (run.status !== 0 || !existsSync(found)) {
    rmSync(work, { recursive: true, force: true });
    const reason = `${run.stdout ?? ''}${run.stderr ?? ''}`.split('\n').find((line) => line.includes('error'));
    return { missing: `NuGet did not give ${PACKAGE} ${VERSION}${reason ? `: ${reason.trim()}` : ''}` };
  }
  chmodSync(found, 0o755);
  mkdirSync(cache, { recursive: true });
  renameSync(found, path);
  writeFileSync(join(cache, VERSION), '');
  rmSync(work, { recursive: true, force: true });
  return { path };
}

/** Runs Bicep. `az bicep` takes the file as an option. @returns {{ ok: boolean, output: string }} what it printed, warnings included */
export function runBicep({ command, args }, verb, file, options = []) {
  const target = command === 'az' ? ['--file', file] : [file];
  const { status, stdout, stderr, error } = spawnSync(command, [...args, verb, ...target, ...options], {
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = `${stderr ?? ''}${stdout ?? ''}`.trim();
  return { ok: !error && status === 0, output: error ? `${output}\n${error.message}`.trim() : output };
}

export function bicepVersion({ command, args }) {
  const { stdout } = spawnSync(command, [...args, command === 'az' ? 'version' : '--version'], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}
