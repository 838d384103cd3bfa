import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { BoardFault, type BoardRequest } from './request';

/** Events, rules and results are written by attackers: a page that a fault let them into could still run, load and send nothing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Sent with every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** A name of this machine's loopback address, as a browser may call it. A name that an attacker points at 127.0.0.1 is none of them. */
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})$/i;

/**
 * Refuses what another site's page has sent: by a name of its own for this address (DNS rebinding), or across origins.
 * Throws BoardFault (403, 421).
 */
export function checkLoopback(request: Pick<BoardRequest, 'header'>, port: number): void {
  const host = request.header('host') ?? '';
  if (Number(LOOPBACK_HOST.exec(host)?.[1]) !== port)
    throw new BoardFault(421, 'this address is not one of the board: open it as the terminal printed it');
  checkOrigin(request, `http://${host}`);
}

/** Refuses what comes from another origin's page. Throws BoardFault (403). */
export function checkOrigin(request: Pick<BoardRequest, 'header'>, own: string): void {
  const origin = request.header('origin');
  if (origin !== undefined && origin.toLowerCase() !== own.toLowerCase())
    throw new BoardFault(403, 'requests of other sites are refused');
  const site = request.header('sec-fetch-site');
  const isNavigation =
    request.header('sec-fetch-mode') === 'navigate' && request.header('sec-fetch-dest') === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation)
    throw new BoardFault(403, 'requests of other sites are refused');
}

/** A page of another origin cannot set it without being asked first, and is refused then. */
export const OWN_HEADER = 'x-outrider-board';
export const TOKEN_HEADER = 'x-outrider-token';

export const newToken = (): string => randomBytes(18).toString('base64url');

/** Throws BoardFault (401) where a request to write does not bring the token that the terminal printed. */
export function checkToken(request: Pick<BoardRequest, 'header'>, token: string): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(request.header(TOKEN_HEADER) ?? ''), digest(token)))
    throw new BoardFault(401, 'this needs the token that the terminal printed when the board began');
}
