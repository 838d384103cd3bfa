// Finds a Chromium for tests and screenshots: the system's where there is one, else the one that comes as a package, unpacked once.
// Run as a program it prints where it is: {"executablePath","args","env"}.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];

/** Nothing is fetched or reported, and it runs as root and without a display. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-quic',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
];

export function findChromium() {
  const given = process.env.CHROMIUM_PATH ?? SYSTEM.find((path) => existsSync(path));
  return given ? { executablePath: given, args: ARGS, env: {} } : unpacked();
}

/** The package holds the browser and the libraries that a bare machine lacks, packed: they are unpacked under node_modules/.cache. */
function unpacked() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('no Chromium was found: set CHROMIUM_PATH to one');
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const bin = join(dirname(entry), '..', '..', 'bin');
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8'));
  const folder = join(root, 'node_modules', '.cache', `chromium-${version}`);
  if (!existsSync(folder)) {
    // Two may come at once: the first that is done stays.
    const own = `${folder}.${process.pid}`;
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'chromium'), read(join(bin, 'chromium.br')), { mode: 0o755 });
    for (const name of ['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) untar(read(join(bin, name)), own);
    try {
      renameSync(own, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
      rmSync(own, { recursive: true });
    }
  }
  // Its own libraries come after the machine's, which fit the rest of the machine.
  const libraries = [process.env.LD_LIBRARY_PATH, ...(hasNss() ? [] : [join(folder, 'lib')])].filter(Boolean);
  return {
    executablePath: join(folder, 'chromium'),
    args: ARGS,
    env: {
      ...(libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}),
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: fontsOf(folder) }),
    },
  };
}

const read = (path) => brotliDecompressSync(readFileSync(path));

const hasNss = () =>
  ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64'].some((folder) =>
    existsSync(join(folder, 'libnss3.so')),
  );

/** A configuration that finds the fonts where they were unpacked. */
function fontsOf(folder) {
  const config = join(folder, 'fontconfig');
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fontcache')}</cachedir></fontconfig>`,
  );
  return config;
}

/** Regular files of a tar archive (ustar); the archive is a package's own. */
function untar(bytes, folder) {
  for (let at = 0; at + 512 <= bytes.length; ) {
    const name = text(bytes, at, 100);
    if (name === '') break;
    const size = Number.parseInt(text(bytes, at + 124, 12).trim() || '0', 8);
    const kind = String.fromCharCode(bytes[at + 156]);
    if ((kind === '0' || kind === '\0') && !name.includes('..')) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes.subarray(at + 512, at + 512 + size), { mode: 0o755 });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const text = (bytes, from, length) => bytes.toString('utf8', from, from + length).replace(/\0.*$/s, '');

if (process.argv[1] === import.meta.filename) process.stdout.write(`${JSON.stringify(findChromium())}\n`);
