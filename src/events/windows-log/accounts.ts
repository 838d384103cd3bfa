/**
 * Names of the accounts that have the same SID on every Windows, as the agent resolves them.
 * https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
 */
const WELL_KNOWN = new Map([
  ['S-1-0-0', 'NULL SID'],
  ['S-1-1-0', 'Everyone'],
  ['S-1-5-6', 'NT AUTHORITY\\SERVICE'],
  ['S-1-5-7', 'NT AUTHORITY\\ANONYMOUS LOGON'],
  ['S-1-5-11', 'NT AUTHORITY\\Authenticated Users'],
  ['S-1-5-18', 'NT AUTHORITY\\SYSTEM'],
  ['S-1-5-19', 'NT AUTHORITY\\LOCAL SERVICE'],
  ['S-1-5-20', 'NT AUTHORITY\\NETWORK SERVICE'],
  ['S-1-5-32-544', 'BUILTIN\\Administrators'],
  ['S-1-5-32-545', 'BUILTIN\\Users'],
  ['S-1-5-32-546', 'BUILTIN\\Guests'],
]);

export const WELL_KNOWN_ACCOUNTS: readonly string[] = [...WELL_KNOWN.values()];

/** The account of a SID where every machine agrees on it, else the SID; `N/A` where the event carries none. */
export const accountOfSid = (sid: string | undefined): string =>
  sid === undefined || sid === '' ? 'N/A' : (WELL_KNOWN.get(sid) ?? sid);

/** An account as Windows writes it; `undefined` where it has no name. */
export const accountName = (domain: string | undefined, name: string | undefined): string | undefined =>
  name && domain ? `${domain}\\${name}` : name || undefined;
